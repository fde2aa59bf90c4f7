"""The addresses that the floor answers."""

from django.urls import path

from . import floor, floor_store

urlpatterns = [
    path("tickets/", floor.tickets), path("desk/", floor.home), path("tickets/<str:number>/", floor.ticket),
    path("parts/stock/", floor_store.stock), path("finance/", floor_store.queue),
]  # fmt: skip

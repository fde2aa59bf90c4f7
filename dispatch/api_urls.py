from django.urls import path

from . import api
from .desk.trips import DESK

urlpatterns = [
    path("trips", api.trip_list, name="trips"),
    *[row for row in DESK.api_urls() if row.name != "trips"],
    path("cars", api.car_list, name="cars"),
    path("cars/<str:plate>", api.car, name="car"),
    path("cars/<str:plate>/fuel", api.fuel, name="fuel"),
    path("fines", api.fine_list, name="fines"),
    path("fines/<str:number>", api.fine, name="fine"),
]

"""Addresses of the printed forms, below /tickets/ in the namespace of the repairs desk."""

from django.urls import path

from . import print_views

urlpatterns = [
    path("<str:number>/print/<str:form>.pdf", print_views.pdf, name="print_pdf"),
    path("<str:number>/print/<str:form>/", print_views.page, name="print"),
]

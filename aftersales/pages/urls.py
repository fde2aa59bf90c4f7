"""Addresses of the composed pages, each in the namespace of the department whose paper it shows."""

from django.urls import path

from catalogue.urls import urlpatterns as of_catalogue
from repairs.urls import urlpatterns as of_repairs
from sales.urls import urlpatterns as of_sales

from . import customer, home, part, ticket, vehicle

desk = [path("", home.home, name="home")]
tickets = [*of_repairs, path("<str:number>/", ticket.ticket, name="ticket")]
sales = [
    *of_sales,
    path("vehicles/<str:vin>/", vehicle.vehicle, name="vehicle"),
    path("customers/<str:number>/", customer.customer, name="customer"),
]
catalogue = [*of_catalogue, path("part/<str:code>/", part.part, name="part")]

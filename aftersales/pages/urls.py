"""Addresses of the composed pages, each in the namespace of the department whose paper it shows."""

from django.urls import include, path

from catalogue.urls import urlpatterns as of_catalogue
from dispatch.urls import urlpatterns as of_dispatch
from parts.urls import urlpatterns as of_parts
from repairs.print_urls import of_tickets
from repairs.urls import at_root as papers
from repairs.urls import urlpatterns as of_repairs
from sales import views as of_customers
from sales.urls import urlpatterns as of_sales
from technical.urls import urlpatterns as of_technical

from . import (
    customer,
    day,
    downloads,
    home,
    leads,
    order_form,
    part,
    quality,
    releases,
    sales_papers,
    share,
    ticket,
    trips,
    vehicle,
    vehicle_print,
)

desk = [
    path("", home.home, name="home"),
    path("day/", day.day, name="day"),
    path("downloads/", downloads.mine, name="downloads"),
    path("downloads/<int:pk>/", downloads.file, name="download"),
]
tickets = [
    path(
        "tickets/",
        include(
            [*of_repairs, *of_tickets(order_form.beside), path("<str:number>/", ticket.ticket, name="ticket")]
        ),
    ),
    *papers,
    *share.urlpatterns,
    *sales_papers.QUOTES.urls("quotations/"),
    *sales_papers.ORDERS.urls("orders/"),
]
sales = [
    *of_sales,
    path("vehicles/<str:vin>/print/", vehicle_print.page, name="vehicle_print"),
    path("vehicles/<str:vin>/print.pdf", vehicle_print.pdf, name="vehicle_pdf"),
    path("sales/leads/new/", leads.new_lead, name="new_lead"),
    *leads.urlpatterns,
    path("vehicles/<str:vin>/", vehicle.vehicle, name="vehicle"),
    path("customers/<str:number>/", customer.customer, name="customer"),
    path("customers/<str:number>/erase/", of_customers.erase, {"shown": customer.shown}, name="erase"),
    path("customers/<str:number>/merge/", of_customers.merge, {"shown": customer.shown}, name="merge"),
]
parts = [*of_parts, *releases.DESK.urls("releases/")]
catalogue = [*of_catalogue, path("part/<str:code>/", part.part, name="part")]
dispatch = [*of_dispatch, *trips.DESK.urls("trips/")]
technical = [*of_technical, *quality.urlpatterns]

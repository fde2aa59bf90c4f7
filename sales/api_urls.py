from django.urls import path

from . import api

urlpatterns = [
    path("vehicles", api.vehicles, name="vehicles"),
    path("vehicles/<str:vin>", api.vehicle, name="vehicle"),
    path("customers", api.customers, name="customers"),
    path("customers/<str:number>", api.customer, name="customer"),
]

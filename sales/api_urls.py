from django.urls import path

from . import api, api_deliveries

urlpatterns = [
    path("vehicles", api.vehicles, name="vehicles"),
    path("vehicles/<str:vin>", api.vehicle, name="vehicle"),
    path("deliveries", api_deliveries.deliveries, name="deliveries"),
    path("deliveries/<str:number>", api_deliveries.delivery, name="delivery"),
    path("customers", api.customers, name="customers"),
    path("customers/<str:number>", api.customer, name="customer"),
]

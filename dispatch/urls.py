"""Addresses of administration: the week, cars, fines, the list of trips; a trip's own page is composed by the shell."""

from django.urls import path

from .desk import printing, trips
from .views import cars, fines, week

app_name = "dispatch"
urlpatterns = [
    path("", week.week, name="week"),
    path("trips/", trips.trip_list, name="trips"),
    path("trips/new/", trips.new_trip, name="new_trip"),
    path("trips/advice/", trips.advice, name="advice"),
    *printing.urlpatterns,
    path("cars/", cars.car_list, name="cars"),
    path("cars/new/", cars.new_car, name="new_car"),
    path("cars/<str:plate>/", cars.car, name="car"),
    path("cars/<str:plate>/edit/", cars.edit_car, name="edit_car"),
    path("cars/<str:plate>/fuel/", cars.new_fuel, name="new_fuel"),
    path("fines/", fines.fine_list, name="fines"),
    path("fines/new/", fines.new_fine, name="new_fine"),
    path("fines/wheel/", fines.wheel, name="wheel"),
    path("fines/<str:number>/", fines.fine, name="fine"),
]

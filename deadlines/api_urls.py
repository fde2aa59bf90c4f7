from django.urls import path

from . import api

urlpatterns = [path("duties", api.my_duties, name="duties")]

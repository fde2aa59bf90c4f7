"""Addresses of the catalogue."""

from django.urls import path

from .views import batches, files, parts, prices, terms, vehicles

app_name = "catalogue"
urlpatterns = [
    path("", vehicles.models, name="models"),
    path("new/", vehicles.new_model, name="new_model"),
    path("<int:pk>/edit/", vehicles.edit_model, name="edit_model"),
    path("<int:pk>/terms/new/", vehicles.new_term, name="new_term"),
    path("terms/", terms.proposals, name="terms"),
    path("terms/<int:pk>/decide/", terms.decide, name="decide_terms"),
    path("terms/import/", terms.import_terms, name="import_terms"),
    path("terms/export.xlsx", terms.export_terms, name="export_terms"),
    path("parts/", parts.parts, name="parts"),
    path("parts/export.xlsx", parts.export, name="export_parts"),
    path("parts/new/", parts.new_part, name="new_part"),
    path("parts/import/", files.import_parts, name="import_parts"),
    path("parts/import/template.xlsx", files.parts_template, name="parts_template"),
    path("parts/proposals/", batches.batches, name="batches"),
    path("parts/proposals/<int:pk>/", batches.batch, name="batch"),
    path("parts/proposals/<int:pk>/approve/", batches.approve, name="approve_batch"),
    path("parts/proposals/<int:pk>/refuse/", batches.refuse, name="refuse_batch"),
    path("part/<str:code>/edit/", parts.edit_part, name="edit_part"),
    path("prices/", prices.price_lists, name="price_lists"),
    path("prices/rates/", prices.rates, name="rates"),
    path("prices/new/", prices.new_list, name="new_list"),
    path("prices/import/", files.import_prices, name="import_prices"),
    path("prices/import/template.xlsx", files.prices_template, name="prices_template"),
    path("prices/<int:pk>/", prices.price_list, name="price_list"),
    path("prices/<int:pk>/export.xlsx", prices.export, name="export_prices"),
    path("prices/<int:pk>/price/", prices.put_price, name="put_price"),
    path("prices/<int:pk>/price/<int:line>/remove/", prices.remove_price, name="remove_price"),
    path("prices/<int:pk>/rate/", prices.put_rate, name="put_rate"),
    path("prices/<int:pk>/rate/<int:line>/remove/", prices.remove_rate, name="remove_rate"),
    path("prices/<int:pk>/publish/", prices.publish, name="publish_prices"),
    path("prices/<int:pk>/drop/", prices.drop, name="drop_prices"),
]

from django.urls import path

from . import api

urlpatterns = [
    path("parts", api.parts, name="parts"),
    path("parts/import", api.import_parts, name="import_parts"),
    path("parts/<str:code>", api.part, name="part"),
    path("part-proposals", api.batches, name="part_proposals"),
    path("part-proposals/<int:pk>", api.batch, name="part_proposal"),
    path("part-proposals/<int:pk>/approve", api.approve, name="approve_parts"),
    path("part-proposals/<int:pk>/refuse", api.refuse, name="refuse_parts"),
    path("price-lists", api.price_lists, name="price_lists"),
    path("price-lists/draft", api.draft, name="draft_price_list"),
    path("price-lists/import", api.import_prices, name="import_price_list"),
    path("price-lists/<int:pk>", api.price_list, name="price_list"),
    path("price-lists/<int:pk>/publish", api.publish, name="publish_price_list"),
    path("price-lists/<int:pk>/drop", api.drop, name="drop_price_list"),
    path("rates", api.rates, name="rates"),
]

from django.urls import path

from . import api
from .desk.store import DESKS

urlpatterns = [
    path("stock", api.stock, name="stock"),
    path("codes/<str:code>", api.code, name="code"),
    path("goods-receipts", api.receipts, name="goods_receipts"),
    *[row for desk in DESKS for row in desk.api_urls()],
]

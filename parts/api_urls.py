from django.urls import path

from . import api
from .desk import consumption, making
from .desk.releases import RETURN_DESK
from .desk.store import DESKS

urlpatterns = [
    path("stock", api.stock, name="stock"),
    path("codes/<str:code>", api.code, name="code"),
    path("goods-receipts", api.receipts, name="goods_receipts"),
    path("goods-receipts/new", making.receive, name="receive_goods"),
    path("stocktakes/new", making.count, name="propose_count"),
    path("disposals/new", making.DISPOSE, name="propose_disposal"),
    path("enquiries/new", making.ASK, name="ask_for_part"),
    path("releases/open", making.open_release, name="open_release"),
    path("consumption-reports", consumption.reports, name="consumption_reports"),
    path("consumption-reports/<int:pk>/confirm", consumption.confirm, name="confirm_consumption"),
    *RETURN_DESK.api_urls(),
    *[row for desk in DESKS for row in desk.api_urls()],
]

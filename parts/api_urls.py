from django.urls import path

from . import api, api_monthly
from .desk import making
from .desk.releases import RETURN_DESK
from .desk.store import DESKS

urlpatterns = [
    path("stock", api.stock, name="stock"),
    path("stock/<str:code>/shelf", making.shelf, name="set_shelf"),
    path("codes/<str:code>", api.code, name="code"),
    path("goods-receipts", api.receipts, name="goods_receipts"),
    path("goods-receipts/new", making.receive, name="receive_goods"),
    path("stocktakes/new", making.count, name="propose_count"),
    path("disposals/new", making.DISPOSE, name="propose_disposal"),
    path("enquiries/new", making.ASK, name="ask_for_part"),
    path("releases/open", making.open_release, name="open_release"),
    path("consumption", api_monthly.consumption, name="consumption"),
    path("consumption/<int:pk>/confirm", api_monthly.confirm_consumption, name="confirm_consumption"),
    path("unreturned/<str:month>", api_monthly.unreturned, name="unreturned"),
    path("unreturned/<str:month>/submit", api_monthly.submit_unreturned, name="submit_unreturned"),
    path("tickets/<str:number>/send-back", api_monthly.send_back, name="send_back"),
    *RETURN_DESK.api_urls(),
    *[row for desk in DESKS for row in desk.api_urls()],
]

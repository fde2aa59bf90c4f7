"""Addresses of the warehouse, purchasing and shipping."""

from django.urls import path

from . import print_views
from .desk.releases import RETURN_DESK
from .desk.store import DISPOSAL, ENQUIRY, SHIPMENT, STOCKTAKE
from .views import monthly, opening, papers, releases, store

app_name = "parts"
urlpatterns = [
    path("", store.home, name="home"),
    path("scan/", store.scan, name="scan"),
    path("stock/", store.stock, name="stock"),
    path("stock/<str:code>/", store.part, name="part"),
    path("stock/<str:code>/minimum/", store.minimum, name="minimum"),
    path("stock/<str:code>/shelf/", store.shelf, name="shelf"),
    path("codes/<str:code>/", store.code, name="code"),
    path("receipts/", papers.receipts, name="receipts"),
    path("receipts/new/", papers.new_receipt, name="new_receipt"),
    path("receipts/<str:number>/", papers.receipt, name="receipt"),
    path("receipts/<str:number>/cost/", papers.receipt_cost, name="receipt_cost"),
    path("stocktakes/", papers.stocktakes, name="stocktakes"),
    path("stocktakes/new/", papers.new_stocktake, name="new_stocktake"),
    *STOCKTAKE.urls("stocktakes/"),
    path("disposals/", papers.disposals, name="disposals"),
    path("disposals/new/", papers.new_disposal, name="new_disposal"),
    *DISPOSAL.urls("disposals/"),
    path("enquiries/", papers.enquiries, name="enquiries"),
    path("enquiries/new/", papers.new_enquiry, name="new_enquiry"),
    *ENQUIRY.urls("enquiries/"),
    path("shipments/", papers.shipments, name="shipments"),
    path("shipments/pack/<str:number>/", papers.pack, name="pack"),
    path("shipments/back/<str:number>/", papers.send_back, name="send_back"),
    path("shipments/<str:number>/photo/<str:key>/", papers.waybill_photo, name="waybill_photo"),
    *SHIPMENT.urls("shipments/"),
    path("consumption/", monthly.consumption, name="consumption"),
    path("consumption/<int:pk>/", monthly.consumption_report, name="consumption_report"),
    path("consumption/<int:pk>/confirm/", monthly.confirm_consumption, name="confirm_consumption"),
    path("unreturned/", monthly.unreturned_lists, name="unreturned_lists"),
    path("unreturned/<str:month>/", monthly.unreturned, name="unreturned"),
    path("unreturned/<str:month>/submit/", monthly.submit, name="submit_unreturned"),
    path("opening/", opening.page, name="opening"),
    path("opening/template/", opening.template, name="opening_template"),
    path("releases/", releases.releases, name="releases"),
    path("releases/new/<str:number>/", releases.new_release, name="new_release"),
    path("issuing/", releases.issuing, name="issuing"),
    path("returns/", releases.returns, name="returns"),
    path("slips/<str:number>/", releases.slip, name="slip"),
    *print_views.urlpatterns,
    *RETURN_DESK.urls("returns/"),
]

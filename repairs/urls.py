"""Addresses of the repairs desk; the ticket's own page, which shows several departments, is the shell's."""

from django.urls import path

from .print_urls import of_quotations
from .views import intake, listing, paper_tickets, papers, person, step, telling

app_name = "repairs"
#: below /tickets/
urlpatterns = [
    path("", listing.tickets, name="tickets"),
    path("export.xlsx", listing.export, name="export"),
    path("views/", listing.save_view, name="save_view"),
    path("views/<int:pk>/forget/", listing.forget_view, name="forget_view"),
    path("new/", intake.new, name="new"),
    path("relay/", intake.relay, name="relay"),
    path("known/", intake.known, name="known"),
    path("to-tell/", telling.to_tell, name="to_tell"),
    path("<str:number>/told/<int:pk>/", telling.told, name="told"),
    path("file/<str:key>/", person.attachment, name="attachment"),
    path("paper/", paper_tickets.listing, name="paper_tickets"),
    path("paper/import/", paper_tickets.take_in, name="import_paper_tickets"),
    path("paper/import/template.xlsx", paper_tickets.template, name="paper_tickets_template"),
    path("<str:number>/phone/", person.reveal, name="reveal"),
    path("<str:number>/steps/<str:name>/", step.step, name="step"),
]
#: at the root: papers that may belong to a ticket or to a parts-only order (their own pages are the shell's, too)
at_root = [
    path("quotations/", papers.quotations, name="quotations"),
    path("quotations/parts/", papers.parts, name="quote_parts"),
    *of_quotations,
    path("orders/", papers.orders, name="orders"),
    path("orders/new/", papers.new_order, name="new_order"),
]

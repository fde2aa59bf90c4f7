"""Addresses of the printed forms: of a ticket below /tickets/, of a quotation below /quotations/."""

from django.urls import URLPattern, path

from . import print_views


def of_tickets(beside: print_views.BesideOf) -> list[URLPattern]:
    """Below /tickets/; `beside` brings what departments above write on form 9.2."""
    more = {"beside": beside}
    return [
        path("<str:number>/print/<str:form>.pdf", print_views.pdf, more, name="print_pdf"),
        path("<str:number>/print/<str:form>/", print_views.page, more, name="print"),
    ]


of_quotations = [
    path("quotations/<str:number>/print.pdf", print_views.quotation_pdf, name="quotation_pdf"),
    path("quotations/<str:number>/print/", print_views.quotation_page, name="quotation_print"),
]

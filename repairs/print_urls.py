"""Addresses of the printed forms: of a ticket below /tickets/, of a quotation below /quotations/."""

from django.urls import path

from . import print_views

urlpatterns = [
    path("<str:number>/print/<str:form>.pdf", print_views.pdf, name="print_pdf"),
    path("<str:number>/print/<str:form>/", print_views.page, name="print"),
]
of_quotations = [
    path("quotations/<str:number>/print.pdf", print_views.quotation_pdf, name="quotation_pdf"),
    path("quotations/<str:number>/print/", print_views.quotation_page, name="quotation_print"),
]

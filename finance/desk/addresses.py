"""Addresses of deductions, wages, reconciliations, months, assessments and claims: pages and endpoints."""

from django.urls import path

from .. import api_monthly as api
from ..api_debts import claims as api_claims
from . import assessments, cases, claims, deductions, fees, months, payrolls, printing, reconciliations, wages

pages = [
    path("deductions/", deductions.deduction_list, name="deductions"),
    path("deductions/propose/", deductions.propose, name="propose_deductions"),
    *deductions.DESK.urls("deductions/"),
    path("payroll/<str:month>.xlsx", payrolls.export, name="payroll_list"),
    path("payroll/<str:month>/<str:username>/", payrolls.page, name="payroll"),
    path("payroll/<str:month>/<str:username>/confirm/", payrolls.confirm, name="confirm_payroll"),
    path("wages/", wages.page, name="wages"),
    path("wages/minimum/", wages.enter_minimum, name="enter_minimum"),
    path("wages/<str:month>/", wages.enter, name="enter_wages"),
    path("reconciliations/", reconciliations.reconciliation_list, name="reconciliations"),
    *reconciliations.DESK.urls("reconciliations/"),
    path("months/", months.page, name="months"),
    path("months/<str:month>/close/", months.close, name="close_month"),
    path("months/<str:month>/reopen/", months.reopen, name="reopen_month"),
    path("assessments/", assessments.assessment_list, name="assessments"),
    path("assessments/new/", assessments.new, name="new_assessment"),
    *cases.urlpatterns,
    *assessments.DESK.urls("assessments/"),
    path("fees/", fees.fee_list, name="fees"),
    *fees.DESK.urls("fees/"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/new/", claims.new, name="new_claim"),
    path("claims/<str:number>/photos/<str:key>/", claims.photo, name="claim_photo"),
    *claims.DESK.urls("claims/"),
    *printing.urlpatterns,
]
endpoints = [
    *deductions.DESK.api_urls(),
    *reconciliations.DESK.api_urls(),
    path("assessments/new", api.draft_assessment, name="draft_assessment"),
    *cases.api_urlpatterns,
    *assessments.DESK.api_urls(),
    *fees.DESK.api_urls(),
    path("claims", api_claims.claims, name="claims"),
    *claims.DESK.api_urls()[1:],  # the list takes a POST too
    path("payrolls/<str:month>/<str:username>", api.one_payroll, name="payroll"),
    path("payrolls/<str:month>/<str:username>/confirm", api.confirm_payroll, name="confirm_payroll"),
    path("wages", api.wages, name="wages"),
    path("months", api.months, name="months"),
    path("months/<str:month>/close", api.close_month, name="close_month"),
    path("months/<str:month>/reopen", api.reopen_month, name="reopen_month"),
]

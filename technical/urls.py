"""Addresses of the technical department: reports, disputes, notices, the standard, claims on suppliers, learning."""

from .desk import articles, disputes, learning, notices, reports, standards, suppliers

app_name = "technical"
urlpatterns = [
    *reports.urlpatterns,
    *disputes.urlpatterns,
    *notices.urlpatterns,
    *standards.urlpatterns,
    *suppliers.urlpatterns,
    *learning.urlpatterns,
    *articles.urlpatterns,
]

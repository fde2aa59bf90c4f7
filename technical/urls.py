"""Addresses of the technical department: reports, disputes, notices, the standard, claims on suppliers, learning, help."""

from .desk import article, articles, disputes, helping, learning, notices, reports, standards, suppliers

app_name = "technical"
urlpatterns = [
    *reports.urlpatterns,
    *disputes.urlpatterns,
    *notices.urlpatterns,
    *standards.urlpatterns,
    *suppliers.urlpatterns,
    *learning.urlpatterns,
    *helping.urlpatterns,
    *articles.urlpatterns,
    *article.urlpatterns,
]

"""Customers with the one table of personal data, and vehicles (charter 2)."""

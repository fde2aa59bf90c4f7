"""What sales tells the departments above, in the past tense, inside the transaction."""

from django.dispatch import Signal

customer_erased = Signal()
"""`customer`, `persons` (list of ids), `at`, `by`: personal data was overwritten; own words must go too."""

customers_merged = Signal()
"""`kept`, `gone`, `at`, `by`: what referred to `gone` now belongs to `kept`."""

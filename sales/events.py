"""What sales tells the departments above, in the past tense, inside the transaction."""

from django.dispatch import Signal

customer_erased = Signal()
"""`customer`, `persons` (list of ids), `at`, `by`: personal data was overwritten; own words must go too."""

customers_merged = Signal()
"""`kept`, `gone`, `only`, `at`, `by`: what referred to `gone` now belongs to `kept`; with `only` (an earlier answer) just
those rows. A receiver answers `{"tickets": [ids]}`, what it moved, so that the merge can be taken back."""

commission_confirmed = Signal()
"""`sale`, `at`, `by`: another person than the seller confirmed the commission; a fee may be owed (4.2)."""

sale_cancelled = Signal()
"""`sale`, `at`, `by`: two persons cancelled it (SD12); what it had led to goes back."""

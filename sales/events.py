"""What sales tells the departments above, in the past tense, inside the transaction."""

from django.dispatch import Signal

customer_erased = Signal()
"""`customer`, `rows` (ids of every row that is he, A23), `persons` (list of ids), `at`, `by`: personal data is being
overwritten; own words must go too, also those that came after an erasure."""

asked_what_is_left = Signal()
"""`rows` (ids of every row that is one customer): a receiver answers whether it still keeps words of his."""

asked_whom_we_need = Signal()
"""`since`: a receiver answers querysets of rows with a `customer` with whom something is going on, or was since that moment: the
time to keep his name is not over. Nobody reads them; they become part of one statement."""

customers_merged = Signal()
"""`kept`, `gone`, `only`, `at`, `by`: what referred to `gone` now belongs to `kept`; with `only` (an earlier answer) just
those rows. A receiver answers `{"tickets": [ids]}`, what it moved, so that the merge can be taken back."""

commission_confirmed = Signal()
"""`sale`, `at`, `by`: another person than the seller confirmed the commission; a fee may be owed (4.2)."""

sale_cancelled = Signal()
"""`sale`, `at`, `by`: two persons cancelled it (SD12); what it had led to goes back."""

"""What the repairs desk tells the departments above, in the past tense, inside the transaction."""

from django.dispatch import Signal

ticket_moved = Signal()
"""`ticket`, `step`, `at`, `by`: the ticket took a step (completed, cancelled … are steps)."""

picture_kept = Signal()
"""`attachment`: a picture lies in the store; the worker makes its copy without metadata."""

customer_consented = Signal()
"""`ticket`, `at`, `by`: the customer agreed to fit the part himself, and to what old parts are charged until they are back."""

words_forgotten = Signal()
"""`tickets` (list of ids), `at`, `by`: what the customers said on these tickets was overwritten; words kept above must go too."""

order_ended = Signal()
"""`order`, `at`, `by`: nothing comes of a parts-only order (8.7)."""

"""What the warehouse tells the departments above, in the past tense, inside the transaction."""

from django.dispatch import Signal

release_signed = Signal()
"""`release`, `at`, `by`: finance signed it; its paid part is used up."""

line_issued = Signal()
"""`line`, `quantity`, `slip`, `at`, `by`: pieces of a signed line left the store; what they cost is due from now on."""

unused_returned = Signal()
"""`line`, `quantity`, `paper`, `at`, `by`: unused pieces are back in the store; what was charged for them goes back."""

old_part_settled = Signal()
"""`line`, `quantity`, `paper`, `at`, `by`: old parts came in or finance waived them; `awaiting` reverses piece by piece."""

line_rerated = Signal()
"""`line`, `before` (charge), `at`, `by`: technical overturned “human damage” or the reverse (7.1)."""

signature_lost = Signal()
"""`release`, `at`, `by`: every signature on the sheet is void before anything was issued; what covered it is free again."""

pieces_struck = Signal()
"""`release`, `at`, `by`: signed pieces will not be issued, or moved to a sheet of their own; what covers them follows."""

"""What administration tells finance above it, in the past tense, inside the transaction."""

from django.dispatch import Signal

trip_returned = Signal()
"""`trip`, `at`, `by`: it is back and its kilometres are known (8.4)."""

fine_entered = Signal()
"""`fine`, `at`, `by`: half is the driver's, half a cost of the trip (8.4)."""

"""What the technical department tells the departments above, in the past tense, inside the transaction."""

from django.dispatch import Signal

judgement_final = Signal()
"""`report`, `at`, `by`: nobody can appeal any more, or the joint review has decided; what follows may be assessed (8.9)."""

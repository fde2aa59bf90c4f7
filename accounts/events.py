"""What happens to people's accounts, told to the departments above, in the past tense, inside the transaction."""

from django.dispatch import Signal

factor_reset_asked = Signal()
"""`reset`, `at`, `by`: somebody's second factor shall be reset; a leader seconds it."""

factor_was_reset = Signal()
"""`reset`, `at`, `by`: the second factor is gone, and every session of its owner with it."""

"""How the papers look."""

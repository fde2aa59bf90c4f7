"""How finance's papers look."""

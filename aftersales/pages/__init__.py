"""Pages that show several departments, composed from each one's selectors."""

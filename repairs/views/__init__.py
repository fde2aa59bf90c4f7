"""Pages of the repairs desk."""

"""Administration and dispatch (charter 6)."""

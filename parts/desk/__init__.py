"""Pages and endpoints of the papers."""

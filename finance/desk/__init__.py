"""Pages and endpoints of finance's monthly papers."""

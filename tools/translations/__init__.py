"""The Chinese catalogue against the code: nothing missing, nothing fuzzy, no text that bypasses it. No gettext needed."""

"""How trips look: their page, and their section on a ticket."""

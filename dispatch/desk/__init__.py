"""Pages of administration: trips, their paper, and the register of cars and fines around them."""

"""The calendar of the week, the register of cars, fines."""

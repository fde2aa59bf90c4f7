"""What people fill in: a trip and its steps (`trips.py`), cars, fuel and fines (`cars.py`)."""

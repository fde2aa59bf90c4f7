"""Acts of administration: trips (`trips.py`), cars and fuel (`cars.py`), fines (`fining.py`)."""

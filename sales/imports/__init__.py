"""Customers and vehicles from Excel: read whole, every bad cell named, then all of it or nothing."""

from .customers import read_customers, save_customers
from .vehicles import read_vehicles, save_vehicles

__all__ = ["read_customers", "read_vehicles", "save_customers", "save_vehicles"]

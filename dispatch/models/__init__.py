"""Trips, and the cars that they take."""

from .cars import Car, Fine, Fuel
from .trips import Traveller, Trip, TripTicket, involving

__all__ = ["Car", "Fine", "Fuel", "Traveller", "Trip", "TripTicket", "involving"]

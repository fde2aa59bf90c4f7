"""Workbooks that come in: read whole, every bad cell named, nothing kept by the reading itself."""

from .parts import read_parts
from .prices import read_prices
from .reading import Fault

__all__ = ["Fault", "read_parts", "read_prices"]

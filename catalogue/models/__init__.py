"""Vehicle models with their warranty terms, the part master, price lists and rates."""

from .parts import FLAGS, Part, PartBatch, PartVersion, label_of
from .prices import LineKind, ListStage, PriceLine, PriceList, RateLine
from .vehicles import PartGroup, TermBatch, TermDraft, VehicleModel, WarrantyTerm

__all__ = [
    "FLAGS",
    "LineKind",
    "ListStage",
    "Part",
    "PartBatch",
    "PartGroup",
    "PartVersion",
    "PriceLine",
    "PriceList",
    "RateLine",
    "TermBatch",
    "TermDraft",
    "VehicleModel",
    "WarrantyTerm",
    "label_of",
]

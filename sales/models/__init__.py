"""Tables of sales: people and vehicles, and the record of a delivery."""

from .deliveries import Delivery, DeliverySignature
from .people import (
    Customer,
    CustomerKind,
    CustomerMerge,
    ErasureRequest,
    Person,
    PersonQuerySet,
    Vehicle,
    VehicleQuerySet,
)

__all__ = [
    "Customer", "CustomerKind", "CustomerMerge", "Delivery", "DeliverySignature", "ErasureRequest", "Person",
    "PersonQuerySet", "Vehicle", "VehicleQuerySet",
]  # fmt: skip

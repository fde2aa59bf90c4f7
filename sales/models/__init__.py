"""Tables of sales: people and vehicles, the record of a delivery, leads and sales."""

from .deliveries import Delivery, DeliverySignature
from .leads import FollowUp, How, Lead, LeadQuerySet, LostWhy, Sale, Source, Wanted, leads_sales
from .people import (
    PERSONAL,
    Customer,
    CustomerKind,
    CustomerMerge,
    CustomersApart,
    ErasureRequest,
    Person,
    PersonQuerySet,
    Vehicle,
    VehicleQuerySet,
    filled,
)
from .plain import PlainExport

__all__ = [
    "Customer", "CustomerKind", "CustomerMerge", "CustomersApart", "Delivery", "DeliverySignature", "ErasureRequest", "FollowUp",
    "How", "Lead", "LeadQuerySet", "LostWhy", "PERSONAL", "Person", "PersonQuerySet", "PlainExport", "Sale", "Source", "Vehicle",
    "VehicleQuerySet", "Wanted", "filled", "leads_sales",
]  # fmt: skip

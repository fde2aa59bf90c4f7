"""Workbooks of customers and vehicles as people send them."""

from tests.catalogue.sheets import book

VEHICLE = [
    "VIN",
    "Model code",
    "Plate or own number",
    "built_on",
    "delivered_on",
    "motor_no",
    "customer",
    "customer_phone",
    "seller",
]
CUSTOMER = ["number", "name", "phone", "alt_phone", "organisation", "street", "region", "kind", "seller"]


def vehicles(*rows):
    return book(*rows, head=VEHICLE, title="Vehicles")


def customers(*rows):
    return book(*rows, head=CUSTOMER, title="Customers")

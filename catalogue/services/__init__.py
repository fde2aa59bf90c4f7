"""Acts on the catalogue: models (technical), warranty terms and the part master (two people), prices and rates (8.1)."""

from .parts import approve_parts, propose_parts, refuse_parts
from .prices import draft_prices, drop_prices, publish_prices, put_price, put_rate, remove_price, remove_rate
from .terms import approve_terms, propose_terms, refuse_terms
from .vehicles import save_model

__all__ = [
    "approve_parts", "approve_terms", "draft_prices", "drop_prices", "propose_parts", "propose_terms", "publish_prices",
    "put_price", "put_rate", "refuse_parts", "refuse_terms", "remove_price", "remove_rate", "save_model",
]  # fmt: skip

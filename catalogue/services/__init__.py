"""Acts on the catalogue: models and terms (technical), the part master (two people), prices and rates (finance, 8.1)."""

from .parts import approve_parts, propose_parts, refuse_parts
from .prices import draft_prices, drop_prices, publish_prices, put_price, put_rate, remove_price, remove_rate
from .vehicles import add_term, save_model

__all__ = [
    "add_term", "approve_parts", "draft_prices", "drop_prices", "propose_parts", "publish_prices", "put_price", "put_rate",
    "refuse_parts", "remove_price", "remove_rate", "save_model",
]  # fmt: skip

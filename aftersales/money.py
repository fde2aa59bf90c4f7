"""Money is exact: Decimal yuan in Python, whole fen in the database, never a float (domain 5; decision 0003)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

FEN = Decimal("0.01")
LARGEST = Decimal("99999999.99")  # yuan; what a clerk can have meant


def round_fen(amount: Decimal) -> Decimal:
    """Yuan rounded half up to the fen: 1.005 → 1.01."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def fen_of(amount: Decimal) -> int:
    """Whole fen of an amount that has no more than two decimals; anything finer is an error, not a rounding."""
    fen = amount * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"{amount} is finer than a fen")
    return int(fen)


def yuan_of(fen: int) -> Decimal:
    """12345 → Decimal("123.45")."""
    return Decimal(fen).scaleb(-2)


def line_amount(unit: Decimal, quantity: Decimal | int, discount: Decimal = Decimal(0)) -> Decimal:
    """ROUND_HALF_UP(unit × quantity × (1 − discount)); `discount` is a share, 0.10 for ten percent (domain 4)."""
    return round_fen(unit * quantity * (1 - discount))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` fen over `weights` by largest remainder, ties to the first; the parts sum to the total."""
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("nothing to split by")
    shares = [divmod(total * weight, whole) for weight in weights]
    parts = [quotient for quotient, _remainder in shares]
    by_rest = sorted(range(len(weights)), key=lambda place: (-shares[place][1], place))
    for place in by_rest[: total - sum(parts)]:
        parts[place] += 1
    return parts


def piece_amounts(total: int, pieces: int) -> list[int]:
    """`total` fen over so many pieces, the odd fen with the first ones (domain 11: `awaiting` is returned piece by piece)."""
    return split(total, [1] * pieces)


def plain(number: Decimal) -> str:
    """A quantity or share without noughts behind the point: 2.00 → 2, 1.50 → 1.5."""
    return f"{number.normalize():f}"


DIGITS, PLACES, GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿")


def in_words(amount: Decimal) -> str:
    """大写: 1234.50 → 壹仟贰佰叁拾肆元伍角整; 整 after 元 and after 角 (domain 10)."""
    fen = fen_of(abs(amount))
    yuan, rest = divmod(fen, 100)
    jiao, odd = divmod(rest, 10)
    text = (_whole(yuan) + "元") if yuan else ""
    if not rest:
        text = (text or "零元") + "整"
    else:
        text += f"{DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
        text += f"{DIGITS[odd]}分" if odd else "整"
    return ("负" if amount < 0 and fen else "") + text


def _whole(number: int) -> str:
    """A whole number in groups of four; one 零 for any run of noughts between digits."""
    text, gap = "", False
    for place in reversed(range(len(str(number)))):
        digit = number // 10**place % 10
        if digit:
            text, gap = text + ("零" if gap else "") + DIGITS[digit] + PLACES[place % 4], False
        else:
            gap = bool(text)
        if place % 4 == 0 and place and number // 10**place % 10**4:
            text += GROUPS[place // 4]
    return text


SetType = TypeVar("SetType")
GetType = TypeVar("GetType")

if TYPE_CHECKING:

    class AmountField(models.Field[SetType, GetType]):
        """What the type checker knows of a MoneyField: Decimal in and out, None where it may be null."""

        _pyi_private_set_type: Decimal
        _pyi_private_get_type: Decimal

else:

    class AmountField(models.Field):
        def __class_getitem__(cls, _item: Any) -> Any:
            return cls


class MoneyField(AmountField[SetType, GetType]):
    """Yuan as Decimal in Python, fen as a whole number in the database, so that SQL's sums are exact."""

    description = _("amount in yuan")

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: int | None, *args: Any) -> Decimal | None:
        return None if value is None else yuan_of(value)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError(_("Money is never a float."))
        return Decimal(str(value))

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return fen_of(self.to_python(value))

    def value_to_string(self, obj: Any) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        kwargs.pop("min_value", None)
        kwargs.pop("max_value", None)
        return forms.DecimalField(
            **{"max_digits": 10, "decimal_places": 2, "label": self.verbose_name, "help_text": self.help_text,
               "required": not self.blank, **kwargs}
        )  # fmt: skip


def is_amount(value: Decimal) -> bool:
    """Whether so much can be owed or paid: more than 0.00, to the fen, not beyond what a clerk can have meant."""
    return is_sum(value) and value > 0


def is_sum(value: Decimal) -> bool:
    """Whether it is yuan to the fen, 0.00 or more, not beyond what a clerk can have meant."""
    return value.is_finite() and 0 <= value <= LARGEST and value == round(value, 2)


#: what people put around a number of yuan, as the portal itself prints it: ¥1,000.50 or 1000.50元
AROUND = str.maketrans(dict.fromkeys(",\uff0c\u00a5\uffe5\u5143 \u00a0\u3000"))


def plain_amount(text: str) -> str:
    """Only what stands for the number: “¥1,000.50” → “1000.50”."""
    return text.translate(AROUND)

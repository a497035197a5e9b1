"""Money as people write it in each language."""

from typing import Final

from app.domain.languages import Language, marked
from app.domain.money import Money
from app.texts.catalogue import _, language

_NARROW, _WIDE = "\u202f", "\u00a0"
"""Blanks at which no line ends: CLDR has the former between thousands, the latter before a sign."""

_FRENCH_SIGNS: Final = {
    "GHS": "GH₵",
    "KES": "KSh",
    "NGN": "₦",
    "USD": "$",
    "XOF": "F\u202fCFA",
    "ZAR": "R",
}

FREE: Final = marked("Free")


def written(money: Money) -> str:
    """As in ``₦2,500.00`` or ``2 500,00 ₦``; in whole francs ``CFA 1,000`` or ``1 000 F CFA``."""
    if language() is Language.ENGLISH:
        return money.as_people_write
    figure = money.figure.translate({ord(","): _NARROW, ord("."): ","})
    return f"{figure}{_WIDE}{_FRENCH_SIGNS.get(money.currency, money.currency)}"


def price(money: Money) -> str:
    """The same without empty decimals, or that it is free."""
    if money.is_free:
        return _(FREE)
    if language() is Language.ENGLISH:
        return written(money).removesuffix(".00")
    return written(money).replace(f",00{_WIDE}", _WIDE)


def in_code(money: Money) -> str:
    """By the currency's letters in English, as in ``NGN 2,500.00``; in French as ``written``."""
    return str(money) if language() is Language.ENGLISH else written(money)

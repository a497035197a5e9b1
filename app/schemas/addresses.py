"""Addresses of this shop in answers, which are made far from the request."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

SHOP_URL: Final[ContextVar[Callable[[], str]]] = ContextVar("shop_url", default=str)
"""Gives the address people reach the shop at, in the present call; nothing without one."""


def picture_url(name: str) -> str:
    """Where everybody gets the file of a picture."""
    return f"{SHOP_URL.get()()}/pictures/{name}"

"""How money that goes back is shared among the tickets it was paid for."""

from collections.abc import Sequence

from app.domain.money import smallest_coin


def refund_shares(minor: int, left: Sequence[int], *, currency: str) -> list[int]:
    """Share ``minor`` among tickets of which so much is ``left``, each by its part of all.

    The shares add up to it, none is more than is left of its ticket, and each is made of whole
    coins where all of these are.

    Raises:
        ValueError: it is more than is left of all.
    """
    total = sum(left)
    if not 0 <= minor <= total:
        raise ValueError(f"{minor} cannot be shared among {total}")
    coin = smallest_coin(currency)
    if any(each % coin for each in (minor, *left)):
        coin = 1
    shares, shared, passed = [], 0, 0
    for each in left:
        passed += each
        # Rounded once for all tickets up to this one, so that what was rounded off is not lost.
        until = minor * passed // (max(total, 1) * coin) * coin
        shares.append(until - shared)
        shared = until
    return shares

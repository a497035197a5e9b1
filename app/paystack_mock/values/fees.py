"""Paystack's published fees."""

_NGN_FLAT_MINOR = 10_000
_NGN_FLAT_WAIVED_BELOW_MINOR = 250_000
_NGN_CAP_MINOR = 200_000


def fee_minor(amount_minor: int, currency: str) -> int:
    """Fee of a paid charge, in the currency's subunit, half a unit rounded up.

    NGN: 1.5 % plus ₦100 (waived below ₦2,500), at most ₦2,000. The other
    currencies take the 3.9 % of charges in USD.
    """
    if currency != "NGN":
        return (amount_minor * 39 + 500) // 1000
    share = (amount_minor * 15 + 500) // 1000
    flat = _NGN_FLAT_MINOR if amount_minor >= _NGN_FLAT_WAIVED_BELOW_MINOR else 0
    return min(share + flat, _NGN_CAP_MINOR)

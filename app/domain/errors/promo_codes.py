"""Refusals about promo codes."""

from datetime import datetime, timedelta

from app.domain.errors.kinds import Conflict, NotFound, TooMany


class PromoCodeNotFound(NotFound):
    """The event has no such promo code, or it is not good for these tickets."""

    def __init__(self, promo_code_id: int | None = None) -> None:
        if promo_code_id is not None:
            super().__init__(
                f"The event has no promo code {promo_code_id}.", promo_code_id=promo_code_id
            )
            return
        super().__init__(
            "The event has no such promo code, or it is not good for these tickets.",
            errors=[{"pointer": "/promo_code", "detail": "is not good for these tickets"}],
        )


class PromoCodeNotBegun(Conflict):
    """The promo code is good from a later moment on."""

    def __init__(self, valid_from: datetime) -> None:
        super().__init__(
            f"This promo code is good from {valid_from:%Y-%m-%d %H:%M} UTC on.",
            valid_from=valid_from,
        )


class PromoCodeUsedUp(Conflict):
    """The promo code has been used as often as it may be, or has ended."""

    def __init__(self) -> None:
        super().__init__("This promo code has been used as often as it may be, or has ended.")


class TooManyPromoCodes(TooMany):
    """Too many promo codes tried; wait before the next one."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(
            "Too many promo codes were tried; wait before the next one.", retry_after=retry_after
        )


class PromoCodeHasOrders(Conflict):
    """Orders were placed with the promo code: it can be stopped, not deleted."""

    def __init__(self, promo_code_id: int) -> None:
        super().__init__(
            f"Orders were placed with promo code {promo_code_id}, so it cannot be deleted. "
            'Stop it with PATCH and {"is_stopped": true}.',
            promo_code_id=promo_code_id,
        )


class PromoCodeTaken(Conflict):
    """Another promo code of the event has these letters."""

    def __init__(self) -> None:
        super().__init__("Another promo code of this event has these letters.", field="code")

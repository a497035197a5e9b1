"""Refusals about promo codes."""

from datetime import datetime

from app.domain.errors.kinds import Conflict, NotFound, TooMany


class PromoCodeNotFound(NotFound):
    title = "The event has no such promo code, or it does not apply to these tickets."

    def __init__(self, promo_code_id: int | None = None) -> None:
        if promo_code_id is not None:
            super().__init__(
                f"The event has no promo code {promo_code_id}.", promo_code_id=promo_code_id
            )
            return
        super().__init__(
            "The event has no such promo code, or it does not apply to these tickets.",
            errors=[{"pointer": "/promo_code", "detail": "does not apply to these tickets"}],
        )


class PromoCodeNotBegun(Conflict):
    title = "The promo code is not valid yet."

    def __init__(self, valid_from: datetime) -> None:
        super().__init__(
            f"This promo code is valid from {valid_from:%Y-%m-%d %H:%M} UTC.",
            valid_from=valid_from,
        )


class PromoCodeUsedUp(Conflict):
    title = "The promo code is used up or has ended."
    sentence = "This promo code is used up or has ended."


class TooManyPromoCodes(TooMany):
    title = "Too many promo codes were tried. Wait before the next one."
    sentence = "Too many promo codes were tried; wait before the next one."


class PromoCodeHasOrders(Conflict):
    title = "The promo code has orders. Stop it instead of deleting it."

    def __init__(self, promo_code_id: int) -> None:
        super().__init__(
            f"Orders were placed with promo code {promo_code_id}, so it cannot be deleted. "
            'Stop it with PATCH and {"is_stopped": true}.',
            promo_code_id=promo_code_id,
        )


class PromoCodeTaken(Conflict):
    title = "The event already has this promo code."
    field = "code"

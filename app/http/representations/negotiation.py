"""Choosing the form of an answer (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

from app.http.refusals import NotAcceptable


def best_media_type(accept: str | None, offered: Sequence[str]) -> str:
    """The offered type the ``Accept`` header likes best; on a draw, the one offered first.

    Raises:
        NotAcceptable: it wants none of them.
    """
    # A list may have empty elements, which count for nothing (RFC 9110, 5.6.1.2).
    ranges = [part for part in (accept or "").split(",") if part.strip()]
    if not ranges:
        return offered[0]
    wishes = [_wish(part) for part in ranges]
    weights = [(_weight(media_type, wishes), media_type) for media_type in offered]
    best = max(weight for weight, _ in weights)
    if best <= 0:
        raise NotAcceptable(offered)
    return next(media_type for weight, media_type in weights if weight == best)


def _wish(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            weight = _number(value)
    return media_range, weight


def _number(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _weight(media_type: str, wishes: Sequence[tuple[str, float]]) -> float:
    """The weight of the most specific range that covers the type."""
    family = media_type.split("/")[0]
    for media_range in (media_type, f"{family}/*", "*/*"):
        for wish, weight in wishes:
            if wish == media_range:
                return weight
    return 0.0

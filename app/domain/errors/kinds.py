"""Refusals: every way the shop says no.

The kind (the class right below ``TicketingError``) sets the status on the wire, the class's own
name is its public code (``SoldOut`` is ``sold-out``), its title is one sentence of plain text, and
the facts are for programs. The domain knows nothing of HTTP.
"""

import re
from datetime import datetime, timedelta
from typing import ClassVar, Self, TypeAlias

Fact: TypeAlias = str | int | bool | datetime | list[dict[str, str]] | dict[str, str | int] | None


class TicketingError(Exception):
    """Something the shop refuses, and why.

    Args:
        detail: the sentence a person reads; left out, the class's ``sentence``, else its title.
        facts: for programs.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    sentence: ClassVar[str] = ""
    field: ClassVar[str] = ""
    """The field of the body it is about, which is one of the facts."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    def __init__(self, detail: str = "", **facts: Fact) -> None:
        self.detail = detail or self.sentence or self.title
        super().__init__(self.detail)
        self.facts = {"field": self.field, **facts} if self.field else facts


class BadRequest(TicketingError):
    """The request cannot be read."""


class Unauthenticated(TicketingError):
    """Nothing proves who is asking."""


class PaymentIncomplete(TicketingError):
    """The money has not arrived."""


class Forbidden(TicketingError):
    """The caller is known, and may not do this."""


class NotFound(TicketingError):
    """There is no such thing, or it is not the caller's."""


class Conflict(TicketingError):
    """The request is fine, the state of things does not allow it."""


class ConditionFailed(TicketingError):
    """The caller's own condition does not hold."""


class Invalid(TicketingError):
    """A value breaks a rule; ``errors`` lists each field and its rule."""

    def inside(self, pointer: str) -> Self:
        """The same about a part of what was sent, such as ``/ticket_types/1``."""
        errors = self.facts["errors"]
        if isinstance(errors, list):
            for error in errors:
                error["pointer"] = pointer + error["pointer"]
        return self


class TooMany(TicketingError):
    """Too many attempts in too short a time. ``retry_after``: when to come back."""

    def __init__(self, retry_after: timedelta, **facts: Fact) -> None:
        super().__init__("", **facts)
        self.retry_after = retry_after


class Unavailable(TicketingError):
    """Something the shop depends on fails for now; ask again after ``retry_after``."""

    retry_after = timedelta(seconds=5)


class StartRefused(Exception):
    """The program cannot start, or cannot do what its command says; the message says why."""

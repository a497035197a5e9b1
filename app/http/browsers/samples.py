"""What makes sample events for who looks at a demo with a browser."""

from typing import Protocol

from fastapi import Request

from app.domain.ids import UserId
from app.models.users.users import User


class SampleMaker(Protocol):
    """Makes events with sales, to look at. Wiring has it, as it needs the shop on another clock."""

    @property
    def are_offered(self) -> bool:
        """Whether this is a place for them."""
        ...

    def is_making(self, owner_id: UserId) -> bool:
        """Whether they are being made for this account."""
        ...

    def begin(self, owner: User) -> None:
        """Make them in the background, unless that is being done.

        Raises:
            SamplesRefused: this is no place for them, or the account has events.
        """
        ...


def samples_of(request: Request) -> SampleMaker | None:
    """What makes samples here, if this is a place for them."""
    maker: SampleMaker | None = request.app.state.samples
    return maker if maker is not None and maker.are_offered else None

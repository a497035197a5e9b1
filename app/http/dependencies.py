"""What routes ask for: the services, ids in the path, the page wanted."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel

from app.domain.ids import (
    MAX_ID,
    CheckInId,
    DeviceId,
    EventId,
    OrderId,
    PromoCodeId,
    RefundId,
    TicketId,
    TicketTypeId,
    TransferId,
    UserId,
    WaitingEntryId,
)
from app.domain.paging import LONGEST_CURSOR, Cursor, Page
from app.http.answers import answer
from app.http.services import Services

MOST_ITEMS = 100


def services_of(request: Request) -> Services:
    """The services this app was built with."""
    services: Services = request.app.state.services
    return services


async def services_dependency(request: Request) -> Services:
    return services_of(request)


ServicesDep = Annotated[Services, Depends(services_dependency)]

_ROW_ID: Final = Path(ge=1, le=MAX_ID, examples=[1])

RowIdInPath = Annotated[int, _ROW_ID]
UserIdInPath = Annotated[UserId, _ROW_ID]
EventIdInPath = Annotated[EventId, _ROW_ID]
TicketTypeIdInPath = Annotated[TicketTypeId, _ROW_ID]
PromoCodeIdInPath = Annotated[PromoCodeId, _ROW_ID]
OrderIdInPath = Annotated[OrderId, _ROW_ID]
WaitingEntryIdInPath = Annotated[WaitingEntryId, _ROW_ID]
RefundIdInPath = Annotated[RefundId, _ROW_ID]
TicketIdInPath = Annotated[TicketId, _ROW_ID]
TransferIdInPath = Annotated[TransferId, _ROW_ID]
CheckInIdInPath = Annotated[CheckInId, _ROW_ID]
DeviceIdInPath = Annotated[DeviceId, _ROW_ID]


class Paging:
    """Which page of a list is asked for, and the answer that shows it."""

    def __init__(self, request: Request, limit: int, cursor: str | None) -> None:
        self.limit = limit
        self._request = request
        self._cursor = cursor

    def after(self, sort: str) -> Cursor | None:
        """The place behind which the page starts; ``None`` for the first.

        Raises:
            CursorInvalid: the cursor is not of a list with this sort.
        """
        return Cursor.behind(self._cursor, sort=sort)

    def answer(self, page: Page[BaseModel]) -> Response:
        """The page; its header ``Link`` says where the next one is."""
        headers = None
        if page.next is not None:
            query = [each for each in self._request.query_params.items() if each[0] != "cursor"]
            address = urlencode([*query, ("cursor", page.next.encode())])
            headers = {"Link": f'<{self._request.url.path}?{address}>; rel="next"'}
        return answer(page.items, headers=headers)


async def paging_dependency(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST_ITEMS, description="Items on a page.")] = 20,
    cursor: Annotated[
        str | None,
        Query(max_length=LONGEST_CURSOR, description="From the `Link` header of the page before."),
    ] = None,
) -> Paging:
    return Paging(request, limit, cursor)


PagingDep = Annotated[Paging, Depends(paging_dependency)]

LINK_HEADER: dict[str, Any] = {
    "Link": {
        "description": 'Where the next page is: `<…>; rel="next"` (RFC 8288). Absent on the last.',
        "schema": {"type": "string"},
    }
}


def public_url(request: Request) -> str:
    """The address people reach the shop at: the configured one, else the one this call came to."""
    configured: str | None = request.app.state.public_url
    return configured or str(request.base_url).rstrip("/")

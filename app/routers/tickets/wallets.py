from typing import Any, Final

from fastapi import APIRouter, Response

from app.domain.errors import TicketNotFound, WalletNotConfigured
from app.http.answers import answer
from app.http.callers import Owner
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import TicketIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.tickets.wallets import SaveLinkOut

router = APIRouter(prefix="/tickets", tags=["tickets"], route_class=StrictRoute)

PKPASS: Final = "application/vnd.apple.pkpass"

REFUSALS: Final = (
    TicketNotFound,
    WalletNotConfigured,
)
PASS_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The pass, signed.",
        "content": {PKPASS: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class PassResponse(Response):
    media_type = PKPASS


@router.get(
    "/{ticket_id}/apple-pass",
    response_class=PassResponse,
    summary="Download an Apple Wallet pass",
    responses={**PASS_FILE, **problems(*REFUSALS)},
)
def download_apple_pass(ticket_id: TicketIdInPath, user: Owner, services: ServicesDep) -> Response:
    """A pass that an iPhone adds to its wallet when it is opened there.

    There is one only where the shop was given a certificate of Apple's, see the settings.
    """
    content = services.tickets.apple_pass(ticket_id=ticket_id, user_id=user.id)
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="ticket-{ticket_id}.pkpass"',
    }
    return PassResponse(content, 200, headers)


@router.get(
    "/{ticket_id}/google-wallet-link",
    response_model=SaveLinkOut,
    summary="Get a Google Wallet link",
    responses=problems(*REFUSALS),
)
def show_google_wallet_link(
    ticket_id: TicketIdInPath, user: Owner, services: ServicesDep
) -> Response:
    """Google asks the person who opens the address whether to save the ticket.

    There is one only where the shop was given a service account of Google's, see the settings.
    """
    url = services.tickets.google_link(ticket_id=ticket_id, user_id=user.id)
    return answer(SaveLinkOut(url=url))

from fastapi import APIRouter, Response, status

from app.domain.errors import (
    AccountDisabled,
    LinkInvalid,
    RecipientDisabled,
    TicketNotFound,
    TicketOutOfUse,
    TooManyTransfers,
    TransferNotFound,
    TransferOpen,
    TransferToSelf,
)
from app.domain.paging import NEWEST_FIRST
from app.http.answers import AnonymousCallDep, IdempotentCallDep, PagingDep
from app.http.callers import CurrentUser, Owner, public
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import TicketIdInPath, TransferIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.tickets.transfers import TransferAcceptance, TransferOffer, TransferOut

router = APIRouter(tags=["tickets"], route_class=StrictRoute)

TRANSFER_LINKS = {
    **link("withdraw_transfer", transfer_id="$response.body#/id"),
    **link("list_transfers"),
    **link("accept_transfer"),
}


@router.post(
    "/tickets/{ticket_id}/transfer",
    status_code=status.HTTP_201_CREATED,
    response_model=TransferOut,
    summary="Transfer a ticket",
    responses={
        201: {"links": TRANSFER_LINKS},
        **problems(
            TicketNotFound,
            TicketOutOfUse,
            TransferOpen,
            TransferToSelf,
            RecipientDisabled,
            TooManyTransfers,
        ),
    },
)
def transfer_ticket(
    ticket_id: TicketIdInPath,
    body: TransferOffer,
    giver: Owner,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """They get a mail with a link that accepts it, within 7 days and before the event begins.

    Until then the ticket is yours and opens the door. Then it gets a new code, and yours ends.
    """
    return call.run(
        lambda: TransferOut.model_validate(
            services.transfers.offer(
                ticket_id=ticket_id, giver=giver, email=body.email, name=body.name
            )
        )
    )


@router.get(
    "/transfers/",
    response_model=list[TransferOut],
    summary="List my transfers",
)
def list_transfers(
    giver: CurrentUser,
    services: ServicesDep,
    paging: PagingDep,
) -> Response:
    """The newest first. Pages are linked by the header `Link`."""
    page = services.transfers.page(
        giver_id=giver.id, after=paging.after(NEWEST_FIRST), limit=paging.limit
    )
    return paging.answer(page.of(TransferOut.model_validate))


@router.post(
    "/transfers/accept",
    response_model=TransferOut,
    summary="Accept a transfer",
    responses=problems(LinkInvalid, AccountDisabled, TicketOutOfUse),
)
@public
def accept_transfer(
    body: TransferAcceptance, services: ServicesDep, call: AnonymousCallDep
) -> Response:
    """Needs the secret from the mail and no login.

    The ticket comes by mail, with its new code and page. It belongs to the account with that
    address; where there is none, one is opened, whose password is set through a reset by mail.

    Needed first: the token from the link in the mail.
    """

    def accept() -> TransferOut:
        transfer, _ = services.transfers.accept(token=body.token)
        return TransferOut.model_validate(transfer)

    return call.run(accept)


@router.delete(
    "/transfers/{transfer_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Withdraw a transfer",
    responses=problems(TransferNotFound),
)
def withdraw_transfer(
    transfer_id: TransferIdInPath,
    giver: Owner,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """As long as it is not accepted."""
    return call.run(lambda: services.transfers.withdraw(transfer_id=transfer_id, giver_id=giver.id))

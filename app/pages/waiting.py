"""Waiting lists for guests: the form on an event's page, and the page at the link in the mail."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import Field, ValidationError

from app.domain.errors import LinkInvalid, NotSoldOut, TicketingError
from app.domain.ids import MAX_ID, EventId, TicketTypeId
from app.domain.languages import marked
from app.domain.states import WaitingState
from app.http.browsers.sessions import FormFields
from app.http.dependencies import Client, ServicesDep
from app.http.problems import status_of
from app.http.services import Services
from app.pages.checkout import MOST_OF_A_TYPE, NOTICE, again
from app.pages.rendering import page, see
from app.schemas.base import RequestBody
from app.schemas.people import Email, FullName
from app.services.users.guests import Guest
from app.texts.catalogue import language, ngettext, translated

router = APIRouter(include_in_schema=False)

TokenInPath = Annotated[str, Path(max_length=64)]

WRONG: Final = marked(
    "To wait, enter a name, an e-mail address that mail can be sent to, and a quantity."
)
FREE: Final = marked("There are places now: get tickets on the event's page.")

HEADINGS: Final = {
    WaitingState.OFFERED: marked("Places are kept for you: look into your mail."),
    WaitingState.BOUGHT: marked("You have got your tickets."),
    WaitingState.LAPSED: marked("The places were kept for you until their time was over."),
    WaitingState.LEFT: marked("You are not on the waiting list any more."),
    WaitingState.ENDED: marked("The waiting has ended. A mail told you why."),
}


class WaitForm(RequestBody):
    """What is filled in to wait."""

    name: FullName
    email: Email
    ticket_type_id: int = Field(ge=1, le=MAX_ID, strict=False)
    quantity: int = Field(ge=1, le=MOST_OF_A_TYPE, strict=False)


@router.post("/e/{event_id}/waiting-list")
def ask(
    event_id: Annotated[EventId, Path(ge=1, le=MAX_ID)],
    request: Request,
    services: ServicesDep,
    form: FormFields,
    client: Client,
) -> Response:
    """Mail the link that gets a guest into the line."""
    names = ("name", "email", "ticket_type_id", "quantity")
    try:
        wanted = WaitForm.model_validate({name: form.get(name, "") for name in names})
        services.guest_waits.ask(
            guest=Guest(name=wanted.name, email=wanted.email, language=language()),
            event_id=event_id,
            ticket_type_id=TicketTypeId(wanted.ticket_type_id),
            quantity=wanted.quantity,
            client=client,
        )
    except ValidationError:
        return again(request, services, event_id, form, {NOTICE: WRONG}, client=client, status=422)
    except TicketingError as refusal:
        detail = FREE if isinstance(refusal, NotSoldOut) else refusal.detail
        answer = status_of(type(refusal))
        return again(
            request, services, event_id, form, {NOTICE: detail}, client=client, status=answer
        )
    return page("wait_asked.html", email=wanted.email)


@router.get("/w/{token}")
def wait_page(services: ServicesDep, token: TokenInPath) -> HTMLResponse:
    """How the entry stands."""
    return _shown(services, token)


@router.post("/w/{token}/join")
def join(services: ServicesDep, token: TokenInPath) -> Response:
    """Get into the line."""
    try:
        services.guest_waits.join(token=token)
    except LinkInvalid as refusal:
        return page("missing.html", status=404, detail=refusal.detail)
    except TicketingError as refusal:
        detail = FREE if isinstance(refusal, NotSoldOut) else refusal.detail
        return _shown(services, token, mistake=detail, answer=status_of(type(refusal)))
    return see(f"/w/{token}")


@router.post("/w/{token}/leave")
def leave(services: ServicesDep, token: TokenInPath) -> Response:
    """Get out of it."""
    try:
        services.guest_waits.leave(token=token)
    except LinkInvalid as refusal:
        return page("missing.html", status=404, detail=refusal.detail)
    return see(f"/w/{token}")


def _shown(
    services: Services, token: str, *, mistake: str | None = None, answer: int = 200
) -> HTMLResponse:
    try:
        shown = services.guest_waits.look(token=token)
    except LinkInvalid as refusal:
        return page("missing.html", status=404, detail=refusal.detail)
    entry = shown.wait.entry
    return page(
        "wait.html",
        status=answer,
        has_form=True,
        shown=shown,
        heading=_heading(entry.state, entry.quantity, shown.event_title),
        is_asked=entry.state == WaitingState.UNCONFIRMED,
        mistake=mistake,
    )


def _heading(state: WaitingState, number: int, event: str) -> str:
    if state in HEADINGS:
        return translated(HEADINGS[state])
    if state is WaitingState.UNCONFIRMED:
        words = ngettext(
            "Wait for %(number)s place of %(event)s?",
            "Wait for %(number)s places of %(event)s?",
            number,
        )
    else:
        words = ngettext(
            "You are on the waiting list for %(number)s place of %(event)s.",
            "You are on the waiting list for %(number)s places of %(event)s.",
            number,
        )
    return words % {"number": number, "event": event}

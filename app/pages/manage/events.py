"""The console's list of events, and the form for a new one."""

from collections.abc import Sequence
from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import (
    Conflict,
    EmailConfirmedAlready,
    EmailNotConfirmed,
    Invalid,
    OrganizationNotFound,
    RoleMissing,
)
from app.domain.languages import marked
from app.domain.permissions import OrganizationRole
from app.http.answers import MOST_ITEMS
from app.http.browsers.lists import CursorInQuery, place_behind
from app.http.browsers.samples import samples_of
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.problems import status_of
from app.models.organizers.organizations import Organization
from app.pages.forms import NO_MISTAKES, Mistakes, mistake_at, mistakes_in
from app.pages.manage.event_forms import CURRENCIES, NEW_EVENT_FIELDS, ZONES, beside_days, event_in
from app.pages.manage.sent_once import made_once, opened_once
from app.pages.rendering import PageRouter, page, see
from app.routers.events.events import new_event

router = PageRouter("/manage")

EVENTS_ON_A_PAGE: Final = 20


@router.get("")
def list_events(
    request: Request,
    session: SignedInBrowser,
    services: ServicesDep,
    cursor: CursorInQuery = None,
) -> HTMLResponse:
    """My organizations' events, the last created first, with what they have sold."""
    found = services.managed_events.page(
        organizer=session.user, after=place_behind(cursor, "-id"), limit=EVENTS_ON_A_PAGE
    )
    mine = services.organizations.page(member=session.user, after=None, limit=MOST_ITEMS)
    owned = [each.organization for each in mine.items if each.role == OrganizationRole.OWNER]
    return page(
        "manage_events.html",
        session=session,
        found=found,
        owned=owned,
        offers_samples=samples_of(request) is not None,
    )


@router.get("/events/new")
def ask_for_event(
    request: Request, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """A form for a new event; an account that may create none yet is told what is left to do."""
    try:
        owners = services.managed_events.for_whom(organizer=session.user)
    except (RoleMissing, EmailNotConfirmed) as refusal:
        return _newcomer(session, refusal)
    defaults = request.app.state.event_defaults
    values = {"time_zone": defaults.time_zone, "currency": defaults.currency}
    return _form(session, owners, opened_once(services, values))


@router.post("/confirmation")
def send_confirmation(session: SendingBrowser, services: ServicesDep) -> Response:
    """Mail the link once more that confirms the address of a newcomer."""
    try:
        services.account_requests.send_confirmation(user_id=session.user.id)
    except EmailConfirmedAlready:
        return see("/manage/events/new")
    return page(
        "account_done.html",
        heading=marked("Look into your mailbox."),
        advice=marked("Open the link in the mail that we sent you now, and come back."),
    )


@router.post("/events/new")
def create_event(
    request: Request, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Put the event on sale, and show it as its organizer sees it.

    The same form sent again, as by a button that is pressed twice, leads to the same event.
    """
    try:
        owners = services.managed_events.for_whom(organizer=session.user)
    except (RoleMissing, EmailNotConfirmed) as refusal:
        return _newcomer(session, refusal)

    def create() -> int:
        return services.events.create(organizer=session.user, new=new).id

    try:
        new = new_event(event_in(form), request)
        event_id = made_once(session, services, "POST /manage/events/new", form, create)
    except (RoleMissing, EmailNotConfirmed, OrganizationNotFound) as refusal:
        # Another one was chosen than the form offers.
        return _form(session, owners, form, mistake_at("organization_id", refusal))
    except (ValidationError, Conflict, Invalid) as refusal:
        mistakes = beside_days(mistakes_in(refusal, NEW_EVENT_FIELDS), form)
        return _form(session, owners, form, mistakes)
    return see(f"/manage/events/{event_id}")


def _form(
    session: BrowserSession,
    owners: Sequence[Organization | None],
    values: dict[str, str],
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    return page(
        "manage_event_form.html",
        session=session,
        mistakes=mistakes,
        values=values,
        event=None,
        owners=[
            (str(each.id), each.name) if each else ("", "Myself: my personal organization")
            for each in owners
        ],
        zones=ZONES,
        currencies=CURRENCIES,
    )


def _newcomer(session: BrowserSession, refusal: RoleMissing | EmailNotConfirmed) -> HTMLResponse:
    """What is left to do before the account may sell."""
    return page(
        "manage_newcomer.html",
        status=status_of(type(refusal)),
        session=session,
        anyone_may_sell=isinstance(refusal, EmailNotConfirmed),
    )

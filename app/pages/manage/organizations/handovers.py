"""Handing an event over to another organization, in the console."""

from typing import Final

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import OrganizationNotFound, OrganizationRoleMissing
from app.domain.ids import EventId
from app.domain.organizers.organizations import OrganizationKind
from app.domain.permissions import Action, OrganizationRole
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.http.services import Services
from app.pages.forms import NO_MISTAKES, Mistakes, mistake_at
from app.pages.manage.event_forms import whole_or_text
from app.pages.manage.sent_once import made_once, opened_once
from app.pages.manage.shown_events import event_of
from app.pages.rendering import PageRouter, page, see
from app.repositories.organizers.organizations import OrganizationListing
from app.schemas.organizers.organizations import Handover
from app.texts.catalogue import _

router = PageRouter("/manage/events/{event_id}/handover")

FIELD: Final = "organization_id"


@router.get("")
def ask_for_organization(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """What handing it over means, and to whom it can be."""
    return _form(event_id, session, services, {})


@router.post("")
def hand_over(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Give the event to the chosen organization.

    The same form sent again leads to the event, also if the caller may not hand it over any more.
    """

    def give() -> EventId:
        return services.organizations.hand_over(
            member=session.user, event_id=event_id, organization_id=body.organization_id
        ).id

    try:
        body = Handover.model_validate({FIELD: whole_or_text(form.get(FIELD, "").strip())})
        made_once(session, services, f"POST /manage/events/{event_id}/handover", form, give)
    except (ValidationError, OrganizationNotFound, OrganizationRoleMissing) as refusal:
        # The form refuses who may not hand the event over.
        return _form(event_id, session, services, form, mistake_at(FIELD, refusal))
    return see(f"/manage/events/{event_id}")


def _form(
    event_id: EventId,
    session: BrowserSession,
    services: Services,
    values: dict[str, str],
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    """The form, for who may hand the event over.

    Raises:
        EventNotFound: there is none, or the account is not in its organization.
        OrganizationRoleMissing: the account is no owner of its organization.
    """
    event = event_of(event_id, session, services, Action.HAND_OVER_EVENT)
    mine = services.managed_events.where_to_create(organizer=session.user)
    return page(
        "manage_handover.html",
        session=session,
        mistakes=mistakes,
        event=event,
        others=[
            (str(each.organization.id), _named(each, is_admin=session.user.actor.is_admin))
            for each in mine
            if each.organization.id != event.organization_id
        ],
        values=opened_once(services, values),
    )


def _named(listing: OrganizationListing, *, is_admin: bool) -> str:
    """The organization, and whether the caller may take the event back from there."""
    name = listing.organization.name
    if listing.organization.kind == OrganizationKind.PERSONAL:
        return _("%(name)s (your personal organization)", name=name)
    if is_admin or listing.role == OrganizationRole.OWNER:
        return _("%(name)s (you can hand it back from there)", name=name)
    return _("%(name)s (only its owners can hand it back)", name=name)

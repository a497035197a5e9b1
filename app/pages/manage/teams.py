"""The console's teams: the organizations one works for, their members, and invitations by mail."""

from typing import Final

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import (
    Conflict,
    EmailNotConfirmed,
    InvitationNotFound,
    InvitationOpen,
    LastOwner,
    MemberAlready,
    RoleMissing,
    TicketingError,
    TooMany,
)
from app.domain.ids import OrganizationId
from app.domain.languages import marked
from app.domain.organizers.organizations import InvitationState, OrganizationKind
from app.domain.paging import OLDEST_FIRST, Cursor
from app.domain.permissions import Action, OrganizationRole, Rights
from app.http.answers import MOST_ITEMS
from app.http.browsers.lists import CursorInQuery, place_behind
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import InvitationIdInPath, OrganizationIdInPath, UserIdInPath
from app.http.services import Services
from app.models.organizers.invitations import Invitation
from app.pages.forms import NO_MISTAKES, WHOLE, Mistakes, mistake_at, mistakes_in
from app.pages.manage.sent_once import made_once, opened_once
from app.pages.rendering import PageRouter, page, see
from app.routers.organizers.organizations import new_organization
from app.schemas.organizers.invitations import InvitationCreate
from app.schemas.organizers.members import MemberChange
from app.schemas.organizers.organizations import OrganizationCreate

router = PageRouter("/manage/teams")

ROLES: Final = (
    (OrganizationRole.OWNER, marked("Owner: may do everything, also change the team")),
    (OrganizationRole.MANAGER, marked("Manager: runs the events")),
    (OrganizationRole.FINANCE, marked("Finance: watches the money and refunds")),
    (OrganizationRole.SUPPORT, marked("Support: helps buyers")),
    (OrganizationRole.CHECKER, marked("Checker: checks tickets at the door")),
)
PAGES_OF_INVITATIONS: Final = 4
INVITATION_FIELDS: Final = ("email", "role")

WORDS: Final[dict[type[TicketingError], str]] = {
    LastOwner: "This is the only owner. Make another member an owner first: a team without one "
    "could change nothing any more.",
    MemberAlready: "The account with this address is in the team already: change its role above.",
    InvitationOpen: "This address is invited already. Withdraw that invitation to send a new one.",
    RoleMissing: "In this shop not every account may sell. Ask the people who run it to make yours "
    "an organizer first, or the owner of a team to invite you.",
    EmailNotConfirmed: "Confirm your e-mail address first: open the link in the mail we sent you "
    "when you signed up.",
}
"""What the API says with its own calls in it."""


@router.get("")
def list_teams(session: SignedInBrowser, services: ServicesDep) -> HTMLResponse:
    """The organizations the account is in, and a form for a new one."""
    return _list(session, services, {})


@router.post("")
def start_team(session: SendingBrowser, services: ServicesDep, form: FormFields) -> Response:
    """Make an organization that takes members; one, however often the form is sent."""

    def start() -> int:
        new = new_organization(body)
        return services.organizations.create(owner=session.user, new=new).organization.id

    try:
        body = OrganizationCreate(name=form.get("name", ""))
        organization_id = made_once(session, services, "POST /manage/teams", form, start)
    except ValidationError as error:
        return _list(session, services, form, mistakes_in(error, ("name",)))
    except (EmailNotConfirmed, RoleMissing) as refusal:
        return _list(session, services, form, _told(refusal))
    return see(_address(OrganizationId(organization_id)))


@router.get("/{organization_id}")
def show_team(
    organization_id: OrganizationIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
    cursor: CursorInQuery = None,
) -> HTMLResponse:
    """Who is in the team, as what, and who is invited."""
    return _team(organization_id, session, services, {}, after=place_behind(cursor, OLDEST_FIRST))


@router.post("/{organization_id}/invitations")
def invite(
    organization_id: OrganizationIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Send a mail whose link lets its reader join."""
    try:
        wanted = InvitationCreate(email=form.get("email", ""), role=form.get("role", ""))
        services.invitations.invite(
            owner=session.user,
            organization_id=organization_id,
            email=wanted.email,
            role=wanted.role,
        )
    except ValidationError as error:
        mistakes = mistakes_in(error, INVITATION_FIELDS)
        return _team(organization_id, session, services, form, mistakes)
    except (Conflict, TooMany) as refusal:
        return _team(organization_id, session, services, form, _told(refusal))
    return see(_address(organization_id))


@router.post("/{organization_id}/invitations/{invitation_id}/withdraw")
def withdraw(
    organization_id: OrganizationIdInPath,
    invitation_id: InvitationIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
) -> Response:
    """End an invitation; the page says what became of one that is not open any more."""
    try:
        services.invitations.revoke(
            owner=session.user, organization_id=organization_id, invitation_id=invitation_id
        )
    except InvitationNotFound as refusal:
        return _team(organization_id, session, services, {}, _told(refusal))
    return see(_address(organization_id))


@router.post("/{organization_id}/members/{user_id}")
def change_role(
    organization_id: OrganizationIdInPath,
    user_id: UserIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Give a member another role."""
    try:
        change = MemberChange(role=form.get("role", ""))
        services.members.change_role(
            owner=session.user,
            organization_id=organization_id,
            user_id=user_id,
            role=change.role,
        )
    except ValidationError as error:
        return _team(organization_id, session, services, {}, mistakes_in(error))
    except LastOwner as refusal:
        return _team(organization_id, session, services, {}, _told(refusal))
    return see(_address(organization_id))


@router.post("/{organization_id}/members/{user_id}/remove")
def remove(
    organization_id: OrganizationIdInPath,
    user_id: UserIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
) -> Response:
    """End a membership; one's own, too."""
    try:
        services.members.remove(
            caller=session.user, organization_id=organization_id, user_id=user_id
        )
    except LastOwner as refusal:
        return _team(organization_id, session, services, {}, _told(refusal))
    is_own = user_id == session.user.id
    return see("/manage/teams" if is_own else _address(organization_id))


def _address(organization_id: OrganizationId) -> str:
    return f"/manage/teams/{organization_id}"


def _told(refusal: TicketingError) -> Mistakes:
    """Beside the address what is about it, else for the whole page."""
    is_of_address = isinstance(refusal, MemberAlready | InvitationOpen)
    return mistake_at("email" if is_of_address else WHOLE, refusal, WORDS.get(type(refusal)))


def _list(
    session: BrowserSession,
    services: Services,
    values: dict[str, str],
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    found = services.organizations.page(member=session.user, after=None, limit=MOST_ITEMS)
    return page(
        "manage_teams.html",
        session=session,
        mistakes=mistakes,
        teams=found.items,
        values=opened_once(services, values),
    )


def _team(
    organization_id: OrganizationId,
    session: BrowserSession,
    services: Services,
    values: dict[str, str],
    mistakes: Mistakes = NO_MISTAKES,
    *,
    after: Cursor | None = None,
) -> HTMLResponse:
    found = services.organizations.get(member=session.user, organization_id=organization_id)
    members = services.members.page(
        member=session.user, organization_id=organization_id, after=after, limit=MOST_ITEMS
    )
    may_manage = Rights(found.role, session.user.actor.is_admin).may(Action.MANAGE_TEAM)
    return page(
        "manage_team.html",
        session=session,
        mistakes=mistakes,
        team=found.organization,
        is_shared=found.organization.kind == OrganizationKind.SHARED,
        members=members,
        invitations=_open_invitations(organization_id, session, services) if may_manage else [],
        may_manage=may_manage,
        roles=ROLES,
        values=values,
    )


def _open_invitations(
    organization_id: OrganizationId, session: BrowserSession, services: Services
) -> list[Invitation]:
    """Among the newest that were sent: more than can have been sent while the oldest lasts."""
    found: list[Invitation] = []
    after = None
    for _ in range(PAGES_OF_INVITATIONS):
        sent = services.invitations.page(
            owner=session.user, organization_id=organization_id, after=after, limit=MOST_ITEMS
        )
        found += [each for each in sent.items if each.state == InvitationState.OPEN]
        after = sent.next
        if after is None:
            break
    return found

"""How an organization looks to buyers, in the console: its name, addresses and colour; its end."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict
from app.domain.ids import OrganizationId
from app.domain.organizers.organizations import OrganizationKind
from app.domain.permissions import Action
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import OrganizationIdInPath
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.manage.pictures import most_of_file
from app.pages.rendering import PageRouter, page, see
from app.repositories.organizers.organizations import OrganizationListing
from app.schemas.organizers.organizations import OrganizationChange
from app.services.organizers.organizations import OrganizationChanges

router = PageRouter("/manage/organizations/{organization_id}")

TEXTS: Final = ("name", "contact_email", "reply_to")
FIELDS: Final = (*TEXTS, "colour")
HAS_COLOUR: Final = "has_colour"
FIRST_COLOUR: Final = "#6d28d9"
"""What stands in the field of an organization that has none: the shop's own."""


def _to_change(
    organization_id: OrganizationIdInPath, session: SignedInBrowser, services: ServicesDep
) -> OrganizationListing:
    """The organization, for who may change how it looks.

    Raises:
        OrganizationNotFound: there is none, or the account is not in it.
        OrganizationRoleMissing: the account is no owner.
    """
    return services.organizations.get(
        member=session.user, organization_id=organization_id, action=Action.MANAGE_ORGANIZATION
    )


ChangedDep = Annotated[OrganizationListing, Depends(_to_change)]


def address_of(organization_id: OrganizationId) -> str:
    return f"/manage/organizations/{organization_id}"


@router.get("")
def ask_for_look(
    request: Request, session: SignedInBrowser, organization: ChangedDep
) -> HTMLResponse:
    """What buyers read and see, and forms to change it."""
    return look_form(request, session, organization)


@router.post("")
def change_look(
    request: Request,
    session: SendingBrowser,
    services: ServicesDep,
    organization: ChangedDep,
    form: FormFields,
) -> Response:
    """Change the name, the addresses and the colour."""
    sent = {name: form.get(name, "").strip() or None for name in TEXTS}
    colour = form.get("colour") if form.get(HAS_COLOUR) else None
    try:
        change = OrganizationChange.model_validate({**sent, "colour": colour})
    except ValidationError as error:
        return look_form(request, session, organization, form, mistakes_in(error, FIELDS))
    services.organizations.edit(
        member=session.user,
        organization_id=organization.organization.id,
        changes=OrganizationChanges(
            name=change.name or "",
            contact_email=change.contact_email,
            reply_to=change.reply_to,
            colour=change.colour,
        ),
    )
    return see(address_of(organization.organization.id))


@router.get("/delete")
def ask_for_deletion(session: SignedInBrowser, organization: ChangedDep) -> HTMLResponse:
    """What deleting it means."""
    return _deletion(session, organization)


@router.post("/delete")
def delete(session: SendingBrowser, services: ServicesDep, organization: ChangedDep) -> Response:
    """Delete an organization without events."""
    try:
        services.organizations.delete(
            owner=session.user, organization_id=organization.organization.id
        )
    except Conflict as refusal:
        return _deletion(session, organization, mistakes_in(refusal))
    return see("/manage/teams")


def look_form(
    request: Request,
    session: BrowserSession,
    organization: OrganizationListing,
    values: dict[str, str] | None = None,
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    """The page; its buttons have the organization's colour, as those that buyers see.

    Args:
        request: the call.
        session: who looks at it.
        organization: as it is.
        values: what was typed into the form; ``None``: it shows what is there.
        mistakes: what is wrong with the form.
    """
    shown = organization.organization
    if values is None:
        values = {name: getattr(shown, name) or "" for name in FIELDS}
        values[HAS_COLOUR] = "yes" if shown.colour else ""
    return page(
        "manage_organization.html",
        session=session,
        mistakes=mistakes,
        colour=shown.colour,
        organization=shown,
        logo=organization.logo,
        is_shared=shown.kind == OrganizationKind.SHARED,
        values={**values, "colour": values.get("colour") or FIRST_COLOUR},
        most=most_of_file(request),
    )


def _deletion(
    session: BrowserSession,
    organization: OrganizationListing,
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    return page(
        "manage_organization_delete.html",
        session=session,
        mistakes=mistakes,
        organization=organization.organization,
    )

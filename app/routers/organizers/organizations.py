from fastapi import APIRouter, Response, status

from app.domain.errors import (
    EmailNotConfirmed,
    EventNotFound,
    OrganizationHasEvents,
    OrganizationNotDeletable,
    OrganizationNotFound,
)
from app.domain.paging import OLDEST_FIRST
from app.http.answers import IdempotentCallDep, PagingDep, answer
from app.http.callers import (
    CurrentUser,
    EventGiver,
    OrganizationDeleter,
    OrganizationManager,
    TeamViewer,
)
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import EventIdInPath, OrganizationIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.events.events import EventOut
from app.schemas.organizers.organizations import (
    Handover,
    OrganizationChange,
    OrganizationCreate,
    OrganizationOut,
)
from app.services.organizers.organizations import NewOrganization, OrganizationChanges

router = APIRouter(prefix="/organizations", tags=["organizations"], route_class=StrictRoute)
events = APIRouter(prefix="/events", tags=["organizations"], route_class=StrictRoute)

ID = "$response.body#/id"
ORGANIZATION_LINKS = {
    **link("show_organization", organization_id=ID),
    **link("change_organization", organization_id=ID),
    **link("upload_logo", organization_id=ID),
    **link("show_organization_sales_report", organization_id=ID),
    **link("list_members", organization_id=ID),
    **link("change_member", organization_id=ID),
    **link("remove_member", organization_id=ID),
    **link("invite", organization_id=ID),
    **link("list_invitations", organization_id=ID),
    **link("revoke_invitation", organization_id=ID),
    **link("hand_event_over", body={"organization_id": ID}),
    **link("create_event", body={"organization_id": ID}),
}


@router.post(
    "/",
    status_code=status.HTTP_201_CREATED,
    response_model=OrganizationOut,
    summary="Create an organization",
    responses={201: {"links": ORGANIZATION_LINKS}, **problems(EmailNotConfirmed)},
)
def create_organization(
    body: OrganizationCreate, owner: CurrentUser, services: ServicesDep, call: IdempotentCallDep
) -> Response:
    """For events that several people run. You are its owner; invite the others.

    Needed first: a confirmed e-mail address, and, where real money moves, the right to create
    events. Events of your own need none: a personal
    organization comes with the first event.
    """
    new = new_organization(body)
    return call.run(lambda: OrganizationOut.of(services.organizations.create(owner=owner, new=new)))


@router.get(
    "/",
    response_model=list[OrganizationOut],
    summary="List my organizations",
)
def list_organizations(
    member: CurrentUser,
    services: ServicesDep,
    paging: PagingDep,
) -> Response:
    """The oldest first, the personal one among them. Pages are linked by the header `Link`."""
    page = services.organizations.page(
        member=member, after=paging.after(OLDEST_FIRST), limit=paging.limit
    )
    return paging.answer(page.of(OrganizationOut.of))


@router.get(
    "/{organization_id}",
    response_model=OrganizationOut,
    summary="Show an organization",
    responses=problems(OrganizationNotFound),
)
def show_organization(
    organization_id: OrganizationIdInPath, member: TeamViewer, services: ServicesDep
) -> Response:
    """For its members; to all others it is not found."""
    return answer(
        OrganizationOut.of(
            services.organizations.get(member=member, organization_id=organization_id)
        )
    )


@router.patch(
    "/{organization_id}",
    response_model=OrganizationOut,
    summary="Change an organization",
    responses=problems(OrganizationNotFound),
)
def change_organization(
    organization_id: OrganizationIdInPath,
    body: OrganizationChange,
    member: OrganizationManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """What people read about it. Only its owners may."""
    changes = OrganizationChanges(**{name: getattr(body, name) for name in body.model_fields_set})
    return call.run(
        lambda: OrganizationOut.of(
            services.organizations.edit(
                member=member, organization_id=organization_id, changes=changes
            )
        )
    )


@router.delete(
    "/{organization_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete an organization",
    responses=problems(OrganizationNotFound, OrganizationNotDeletable, OrganizationHasEvents),
)
def delete_organization(
    organization_id: OrganizationIdInPath,
    owner: OrganizationDeleter,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """One that has no events, also no past ones. Its members get out, and its invitations end.

    Only its owners may. An organization with events is kept, as what was sold stays in the books:
    hand its events over to another one first.

    Needed first: an organization that you made; a personal one goes with its account.
    """

    def delete() -> None:
        services.organizations.delete(owner=owner, organization_id=organization_id)

    return call.run(delete)


@events.post(
    "/{event_id}/handover",
    response_model=EventOut,
    summary="Hand an event over",
    responses=problems(EventNotFound, OrganizationNotFound),
)
def hand_event_over(
    event_id: EventIdInPath,
    body: Handover,
    member: EventGiver,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Gives the event, with its orders and tickets, to another organization.

    An owner of the present one may, who is owner or manager of the other. Gate staff and scanners
    of the event stay.
    """
    return call.run(
        lambda: EventOut.of(
            services.organizations.hand_over(
                member=member, event_id=event_id, organization_id=body.organization_id
            )
        )
    )


def new_organization(body: OrganizationCreate) -> NewOrganization:
    """The organization a body describes."""
    return NewOrganization(**dict(body))

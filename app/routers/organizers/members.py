from fastapi import APIRouter, Response, status

from app.domain.errors import (
    LastOwner,
    MemberNotFound,
    OrganizationNotFound,
)
from app.domain.paging import OLDEST_FIRST
from app.http.answers import IdempotentCallDep, PagingDep
from app.http.callers import TeamManager, TeamViewer
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import OrganizationIdInPath, UserIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.organizers.members import MemberChange, MemberOut

router = APIRouter(
    prefix="/organizations/{organization_id}/members",
    tags=["organizations"],
    route_class=StrictRoute,
)


@router.get(
    "",
    response_model=list[MemberOut],
    summary="List members",
    responses=problems(OrganizationNotFound),
)
def list_members(
    organization_id: OrganizationIdInPath,
    member: TeamViewer,
    services: ServicesDep,
    paging: PagingDep,
) -> Response:
    """For members. Pages are linked by the header `Link`."""
    page = services.members.page(
        member=member,
        organization_id=organization_id,
        after=paging.after(OLDEST_FIRST),
        limit=paging.limit,
    )
    return paging.answer(page.of(MemberOut.of))


@router.patch(
    "/{user_id}",
    response_model=MemberOut,
    summary="Change a member's role",
    responses=problems(OrganizationNotFound, MemberNotFound, LastOwner),
)
def change_member(
    organization_id: OrganizationIdInPath,
    user_id: UserIdInPath,
    body: MemberChange,
    owner: TeamManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Only owners may. An organization keeps at least one owner."""
    return call.run(
        lambda: MemberOut.of(
            services.members.change_role(
                owner=owner, organization_id=organization_id, user_id=user_id, role=body.role
            )
        )
    )


@router.delete(
    "/{user_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove a member, or leave",
    responses=problems(OrganizationNotFound, MemberNotFound, LastOwner),
)
def remove_member(
    organization_id: OrganizationIdInPath,
    user_id: UserIdInPath,
    caller: TeamManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Owners may remove any member, and every member may leave, but for the last owner.

    Needed first: another member; put its `user_id`.
    """
    return call.run(
        lambda: services.members.remove(
            caller=caller, organization_id=organization_id, user_id=user_id
        )
    )

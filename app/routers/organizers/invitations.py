from fastapi import APIRouter, Response, status

from app.domain.errors import (
    AccountDisabled,
    InvitationNotFound,
    InvitationOpen,
    LinkInvalid,
    MemberAlready,
    OrganizationNotFound,
    OrganizationNotShared,
    TooManyMails,
)
from app.domain.paging import NEWEST_FIRST
from app.http.answers import AnonymousCallDep, IdempotentCallDep, PagingDep
from app.http.callers import TeamManager, public
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import InvitationIdInPath, OrganizationIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.organizers.invitations import (
    AcceptedOut,
    InvitationAnswer,
    InvitationCreate,
    InvitationOut,
)

router = APIRouter(
    prefix="/organizations/{organization_id}/invitations",
    tags=["organizations"],
    route_class=StrictRoute,
)
links = APIRouter(prefix="/invitations", tags=["organizations"], route_class=StrictRoute)

JOINED, MEMBER = "$response.body#/organization_id", "$response.body#/user_id"
MEMBER_LINKS = {
    **link("change_member", organization_id=JOINED, user_id=MEMBER),
    **link("remove_member", organization_id=JOINED, user_id=MEMBER),
}
INVITATION_LINKS = {
    **link(
        "revoke_invitation",
        organization_id="$request.path.organization_id",
        invitation_id="$response.body#/id",
    ),
    **link("accept_invitation"),
    **link("decline_invitation"),
}


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=InvitationOut,
    summary="Invite a member",
    responses={
        201: {"links": INVITATION_LINKS},
        **problems(
            OrganizationNotFound,
            OrganizationNotShared,
            MemberAlready,
            InvitationOpen,
            TooManyMails,
        ),
    },
)
def invite(
    organization_id: OrganizationIdInPath,
    body: InvitationCreate,
    owner: TeamManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """They get a mail with a link that accepts or declines, within 7 days. Only owners may.

    Needed first: an organization that you created; a personal one takes no members.
    """
    return call.run(
        lambda: InvitationOut.model_validate(
            services.invitations.invite(
                owner=owner, organization_id=organization_id, email=body.email, role=body.role
            )
        )
    )


@router.get(
    "",
    response_model=list[InvitationOut],
    summary="List invitations",
    responses=problems(OrganizationNotFound),
)
def list_invitations(
    organization_id: OrganizationIdInPath,
    owner: TeamManager,
    services: ServicesDep,
    paging: PagingDep,
) -> Response:
    """The newest first, with what became of them. Only owners may."""
    page = services.invitations.page(
        owner=owner,
        organization_id=organization_id,
        after=paging.after(NEWEST_FIRST),
        limit=paging.limit,
    )
    return paging.answer(page.of(InvitationOut.model_validate))


@router.delete(
    "/{invitation_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Revoke an invitation",
    responses=problems(OrganizationNotFound, InvitationNotFound),
)
def revoke_invitation(
    organization_id: OrganizationIdInPath,
    invitation_id: InvitationIdInPath,
    owner: TeamManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """As long as it is neither accepted nor declined. Only owners may.

    Needed first: an open invitation; put its id.
    """
    return call.run(
        lambda: services.invitations.revoke(
            owner=owner, organization_id=organization_id, invitation_id=invitation_id
        )
    )


@links.post(
    "/accept",
    response_model=AcceptedOut,
    summary="Accept an invitation",
    responses={
        200: {"links": MEMBER_LINKS},
        **problems(LinkInvalid, AccountDisabled, MemberAlready),
    },
)
@public
def accept_invitation(
    body: InvitationAnswer, services: ServicesDep, call: AnonymousCallDep
) -> Response:
    """Needs the secret from the mail and no login.

    The account with the invited address joins; where there is none, one is opened, whose password
    is set through a mail.

    Needed first: the token from the link in the mail.
    """

    def accept() -> AcceptedOut:
        joined = services.invitations.accept(token=body.token)
        return AcceptedOut.from_fields(joined.membership, organization=joined.organization)

    return call.run(accept)


@links.post(
    "/decline",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Decline an invitation",
    responses=problems(LinkInvalid),
)
@public
def decline_invitation(
    body: InvitationAnswer, services: ServicesDep, call: AnonymousCallDep
) -> Response:
    """Needs the secret from the mail and no login.

    Needed first: the token from the link in the mail.
    """
    return call.run(lambda: services.invitations.decline(token=body.token))

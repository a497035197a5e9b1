from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response, status

from app.domain.errors import OrganizationNotFound, PicturesUnavailable, PictureUnusable
from app.http.answers import IdempotentCallDep, answer, without_idempotency_key
from app.http.callers import OrganizationManager
from app.http.concurrency_limit import takes_upload
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import OrganizationIdInPath
from app.http.strict_route import StrictRoute
from app.http.uploads import Upload, read_upload
from app.routers.events.pictures import IMAGE, form_with_picture
from app.schemas.organizers.organizations import OrganizationOut

router = APIRouter(prefix="/organizations", tags=["organizations"], route_class=StrictRoute)

FORM: Final = form_with_picture("Logo")


def _ensure_may_change(
    organization_id: OrganizationIdInPath, owner: OrganizationManager, services: ServicesDep
) -> None:
    services.organizations.ensure_may_change_logo(organization_id=organization_id, owner=owner)


async def _upload(request: Request, _: Annotated[None, Depends(_ensure_may_change)]) -> Upload:
    """The form, which is read once it is known that its sender may change the organization."""
    return await read_upload(request, name=IMAGE, others=())


@router.put(
    "/{organization_id}/logo",
    response_model=OrganizationOut,
    summary="Upload an organization's logo",
    responses=problems(OrganizationNotFound, PictureUnusable, PicturesUnavailable),
    openapi_extra={"requestBody": FORM},
)
@takes_upload
@without_idempotency_key
def upload_logo(
    organization_id: OrganizationIdInPath,
    owner: OrganizationManager,
    upload: Annotated[Upload, Depends(_upload)],
    services: ServicesDep,
) -> Response:
    """In place of the one before. At least 32 x 32 pixels, and 10 MB at most by default.

    It is drawn anew as a PNG at most 480 pixels wide and high; what is clear stays clear. Pages and
    tickets show it on white. The answer's `logo` says where it is.
    """
    return answer(
        OrganizationOut.of(
            services.organizations.upload_logo(
                organization_id=organization_id, owner=owner, content=upload.content
            )
        )
    )


@router.delete(
    "/{organization_id}/logo",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove an organization's logo",
    responses=problems(OrganizationNotFound),
)
def remove_logo(
    organization_id: OrganizationIdInPath,
    owner: OrganizationManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Its name alone is shown from then on."""

    def remove() -> None:
        services.organizations.remove_logo(organization_id=organization_id, owner=owner)

    return call.run(remove)

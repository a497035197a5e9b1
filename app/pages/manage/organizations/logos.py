"""The logo of an organization in the console: uploaded, replaced, taken away."""

from typing import Annotated

from fastapi import Depends, Request, Response

from app.domain.errors import PictureUnusable, Unavailable
from app.http.browsers.sessions import SendingBrowser, SignedInBrowser
from app.http.concurrency_limit import takes_upload
from app.http.dependencies import ServicesDep
from app.http.path_ids import OrganizationIdInPath
from app.http.uploads import Upload
from app.pages.forms import mistakes_in
from app.pages.manage.organizations.organizations import ChangedDep, address_of, look_form
from app.pages.manage.pictures import IMAGE, read_picture, too_large
from app.pages.rendering import PageRouter, see

router = PageRouter("/manage/organizations/{organization_id}/logo")


async def _sent(request: Request, session: SignedInBrowser, _: ChangedDep) -> Upload | None:
    """The form, which is read once it is known that its sender may change the organization."""
    return await read_picture(request, session)


@router.post("")
@takes_upload
def upload_logo(
    request: Request,
    session: SignedInBrowser,
    services: ServicesDep,
    organization: ChangedDep,
    upload: Annotated[Upload | None, Depends(_sent)],
) -> Response:
    """Show this logo from now on."""
    organization_id = organization.organization.id
    if upload is None:
        return look_form(request, session, organization, mistakes=too_large(request))
    try:
        services.organizations.upload_logo(
            organization_id=organization_id, owner=session.user, content=upload.content
        )
    except (PictureUnusable, Unavailable) as refusal:
        mistakes = mistakes_in(refusal, (IMAGE,))
        return look_form(request, session, organization, mistakes=mistakes)
    return see(address_of(organization_id))


@router.post("/remove")
def remove_logo(
    organization_id: OrganizationIdInPath, session: SendingBrowser, services: ServicesDep
) -> Response:
    """Show no logo any more."""
    services.organizations.remove_logo(organization_id=organization_id, owner=session.user)
    return see(address_of(organization_id))

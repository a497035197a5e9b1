"""The files of uploaded pictures. A name stands for one content for ever, so caches keep it."""

from typing import Final

from fastapi import APIRouter, Response

from app.http.dependencies import ServicesDep
from app.http.refusals import PathNotFound
from app.http.representations.entity_tags import IfNoneMatch, is_known

router = APIRouter(include_in_schema=False)

FOR_EVER: Final = "public, max-age=31536000, immutable"

_HEADERS: Final = {
    "Cache-Control": FOR_EVER,
    # Opened as an address of its own, a picture is nothing but that.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    # Pages of others show it, too: the shop's answers tell them where it is.
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@router.get("/pictures/{name}")
def picture(name: str, services: ServicesDep, if_none_match: IfNoneMatch = None) -> Response:
    """A file of a picture."""
    content = services.pictures.file(name)
    if content is None:
        raise PathNotFound
    tag = f'"{name}"'
    headers = {**_HEADERS, "ETag": tag}
    if is_known(tag, if_none_match):
        return Response(status_code=304, headers=headers)
    kind = "image/png" if name.endswith(".png") else "image/jpeg"
    return Response(content, media_type=kind, headers=headers)

"""Swagger UI and ReDoc, from files of our own: nothing is loaded from elsewhere."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.http.dependencies import ROOT_PATH
from app.pages.rendering import TEMPLATES

router = APIRouter(include_in_schema=False)

_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@router.get("/docs")
async def swagger_ui(request: Request) -> HTMLResponse:
    """Try every operation in the browser."""
    return _page("swagger.html", request)


@router.get("/redoc")
async def redoc(request: Request) -> HTMLResponse:
    """Read the description."""
    return _page("redoc.html", request)


def _page(template: str, request: Request) -> HTMLResponse:
    content = TEMPLATES.get_template(template).render(
        root_path=ROOT_PATH.get(), title=request.app.title
    )
    return HTMLResponse(content, headers={"Content-Security-Policy": _POLICY})

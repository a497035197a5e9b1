"""Swagger UI and ReDoc, from files of our own: nothing is loaded from elsewhere."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.http.dependencies import ROOT_PATH

router = APIRouter(include_in_schema=False)

_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)

_HEAD: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Event Ticketing System API</title>
<link rel="icon" href="{root_path}/static/swagger-ui/favicon-32x32.png">
"""

_SWAGGER: Final = (
    _HEAD
    + """<link rel="stylesheet" href="{root_path}/static/swagger-ui/swagger-ui.css">
</head>
<body>
<div id="swagger-ui" data-openapi-url="{root_path}/openapi.json"></div>
<script src="{root_path}/static/swagger-ui/swagger-ui-bundle.js"></script>
<script src="{root_path}/static/docs/swagger.js"></script>
</body>
</html>
"""
)

_REDOC: Final = (
    _HEAD
    + """<style>body{{margin:0}}</style>
</head>
<body>
<redoc spec-url="{root_path}/openapi.json"></redoc>
<script src="{root_path}/static/redoc/redoc.standalone.js"></script>
</body>
</html>
"""
)


@router.get("/docs")
async def swagger_ui() -> HTMLResponse:
    """Try every operation in the browser."""
    return _page(_SWAGGER)


@router.get("/redoc")
async def redoc() -> HTMLResponse:
    """Read the description."""
    return _page(_REDOC)


def _page(content: str) -> HTMLResponse:
    content = content.format(root_path=ROOT_PATH.get())
    return HTMLResponse(content, headers={"Content-Security-Policy": _POLICY})

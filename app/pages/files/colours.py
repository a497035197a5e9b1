"""Stylesheets of organizations' colours. Each follows from its address alone, so caches keep it."""

import re
from typing import Final

from fastapi import APIRouter, Response

from app.domain.looks import DARK, LIGHT, Accent, accent
from app.http.refusals import PathNotFound
from app.pages.files.pictures import FOR_EVER

router = APIRouter(include_in_schema=False)

_RRGGBB: Final = re.compile(r"[0-9a-f]{6}")


@router.get("/colours/{name}.css")
def colour(name: str) -> Response:
    """What a page looks like with this colour, such as ``1a5fb4``, in light and in dark."""
    if _RRGGBB.fullmatch(name) is None:
        raise PathNotFound
    themes = (("light", LIGHT), ("dark", DARK))
    content = "".join(
        f"@media (prefers-color-scheme: {scheme}) {{ :root {{ {_rules(accent(f'#{name}', theme))} "
        "} }\n"
        for scheme, theme in themes
    )
    return Response(content, media_type="text/css", headers={"Cache-Control": FOR_EVER})


def _rules(found: Accent) -> str:
    rules = [f"--fill: {found.fill};", f"--fill-ink: {found.ink};"]
    if not found.is_seen:
        rules.append("--fill-edge: var(--edge);")
    if found.is_readable:
        rules.append(
            f"--brand: {found.fill}; --brand-ink: {found.ink}; --brand-soft: {found.tint};"
        )
    return " ".join(rules)

"""Forms that survive the end of a session: what was typed is sent once its sender is back.

Nothing is sent without a button: who signs in sees what, and as whom. Secrets are not kept, and
another account than the one whose page the form was on sees nothing of it.
"""

import hmac
import re
from collections.abc import Mapping
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.http.browsers.sessions import (
    ACCOUNT_FIELD,
    CSRF_FIELD,
    PROOF_FIELDS,
    BrowserSession,
    cookie_of,
    csrf_of,
    is_said_to_be_from_here,
)
from app.http.dependencies import own_path, services_of
from app.pages.rendering import page

KEPT: Final = "kept"
"""The field that carries the box through signing in."""

KEPT_BELOW: Final = ("/manage/", "/admin/")
"""Forms worth keeping: those about accounts have secrets in them, and are short."""

_PATH: Final = re.compile(r"/[a-z0-9/-]{1,200}")
_SECRET: Final = re.compile(r"password|token|totp|secret", re.IGNORECASE)


def kept_box(request: Request) -> str | None:
    """The form that was sent, sealed; empty: it is too long; ``None``: it is not to be kept.

    It is if it has the proof of the session whose cookie the browser still has, or if the browser
    itself says that a page of the shop sent it.
    """
    fields = sent_fields(request)
    path = own_path(request.scope)
    if not fields or not is_worth_keeping(path) or not _is_from_here(request, fields):
        return None
    box = services_of(request).kept_forms.keep(
        path=path, fields=without_secrets(fields), account=fields.get(ACCOUNT_FIELD, "")
    )
    return box or ""


def sent_fields(request: Request) -> dict[str, str]:
    """The fields of the form this call has sent, as far as they were read."""
    fields: dict[str, str] = getattr(request.state, "form", {})
    return fields


def is_worth_keeping(path: str) -> bool:
    return path.startswith(KEPT_BELOW) and _PATH.fullmatch(path) is not None


def without_secrets(fields: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text
        for name, text in fields.items()
        if name not in PROOF_FIELDS and not _SECRET.search(name)
    }


def ask_to_send(
    session: BrowserSession, path: str, fields: Mapping[str, str], *, status: int = 200
) -> HTMLResponse:
    """A page with what was typed, and a button that sends it as who is signed in now."""
    return page("kept_form.html", status=status, session=session, path=path, fields=fields)


def _is_from_here(request: Request, fields: Mapping[str, str]) -> bool:
    if is_said_to_be_from_here(request):
        return True
    cookie = cookie_of(request)
    proof = fields.get(CSRF_FIELD, "")
    return cookie is not None and hmac.compare_digest(csrf_of(cookie).encode(), proof.encode())

"""Forms of the console that make something once, however often they are sent."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Final

from fastapi import status

from app.domain.operations.idempotency import KeyedCall
from app.http.browsers.sessions import BrowserSession
from app.http.services import Services
from app.services.operations.idempotency import Answer

FORM_TOKEN: Final = "form_token"  # noqa: S105  (the name of a field)
"""Tells a form that is sent twice from one that was opened anew, whatever is typed into it."""


def opened_once(services: Services, values: Mapping[str, str]) -> dict[str, str]:
    """What stands in a form, with the token that it was opened with, or gets now."""
    return {**values, FORM_TOKEN: values.get(FORM_TOKEN) or services.idempotency.new_key()}


def made_once(
    session: BrowserSession,
    services: Services,
    operation: str,
    form: Mapping[str, str],
    make: Callable[[], int],
) -> int:
    """The id of what ``make`` makes, or has made when this session sent the same form before.

    A form with a token of ``opened_once`` is another one each time it is opened.

    Args:
        session: who sends the form.
        services: the shop's.
        operation: what the form is for, as ``POST /manage/teams``.
        form: its fields; those of the session's proof among them.
        make: makes it; what it raises is raised, and the form may be sent again.
    """
    content = hashlib.sha256(json.dumps(dict(form), sort_keys=True).encode()).hexdigest()
    call = KeyedCall(
        caller=f"user:{session.user.id}", operation=operation, key=content, fingerprint=content
    )
    done = services.idempotency.in_one_transaction(
        call, lambda: Answer(status.HTTP_303_SEE_OTHER, str(make()).encode())
    )
    return int(done.body)

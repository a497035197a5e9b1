"""Loaded by Schemathesis: what it cannot read in the description.

A JSON Schema tells what each value may be, not how values fit together, nor what time it is. Valid
requests are therefore given values that also fulfil these rules; those that are meant to be invalid
go out as they were made.
"""

import zlib
from typing import Any

import schemathesis
from schemathesis import Case, DeserializationContext, HookContext, Response

FUTURE = "2030-06-01T19:00:00Z"
LATER = "2030-06-01T23:00:00Z"
PASSWORD = "a password on no list"
PAYABLE = 2500


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if isinstance(case.query, dict):
        # A cursor is only valid if a list gave it out before.
        case.query.pop("cursor", None)
    if isinstance(case.body, dict):
        _fit(case.body)


def _fit(body: dict[str, Any]) -> None:
    fitting = {
        "date": FUTURE,  # an event lies ahead
        "ends_at": LATER,  # and ends after it began
        "time_zone": "Africa/Lagos",  # one of some six hundred
        "new_password": PASSWORD,  # none of the common ones
    }
    for name, value in fitting.items():
        if body.get(name) is not None:
            body[name] = value
    for name, value in body.items():
        # To JSON Schema 5.0 is an integer; the shop tells it from 5.
        if isinstance(value, float) and value.is_integer():
            body[name] = int(value)
    if isinstance(body.get("email"), str):
        # Names such as `.local` are reserved, which no JSON Schema says.
        body["email"] = f"a{zlib.crc32(body['email'].encode())}@example.org"
    if "username" in body and "email" in body:
        body["password"] = PASSWORD
    if body.get("ticket_price"):
        # Each currency has its least payable amount.
        body["ticket_price"] = PAYABLE


@schemathesis.deserializer("image/png")
def read_picture(context: DeserializationContext, response: Response) -> str:
    """The picture as the text of type `string` that OpenAPI takes it for."""
    assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
    return response.content.decode("latin-1")

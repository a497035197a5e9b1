"""Loaded by Schemathesis: what it cannot read in the description.

A JSON Schema tells what each value may be, not how values fit together, nor what time it is. Valid
requests are therefore given values that also fulfil these rules; those that are meant to be invalid
go out as they were made.
"""

import zlib
from itertools import count
from typing import Any

import schemathesis
from schemathesis import Case, DeserializationContext, HookContext, Response

FUTURE = "2030-06-01T19:00:00Z"
LATER = "2030-06-01T23:00:00Z"
OPENS = "2026-01-01T00:00:00Z"
CLOSES = "2030-05-01T00:00:00Z"
KEY = "Idempotency-Key"
PASSWORD = "a password on no list"
PAYABLE = 2500
OWN_LOGIN = "/users/me/sessions/{session_id}"

_calls = count(1)


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    if case.operation.path == OWN_LOGIN and case.path_parameters.get("session_id") in (1, "1"):
        # The first login is the one that calls: without it nothing can be tried any more.
        case.path_parameters["session_id"] = 2
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if isinstance(case.query, dict):
        # A cursor is only valid if a list gave it out before.
        case.query.pop("cursor", None)
    if case.headers and KEY in case.headers:
        # A key belongs to one call.
        case.headers[KEY] = f"call-{next(_calls)}"
    if isinstance(case.body, dict):
        _fit(case.body)
        _fit_to(f"{case.method} {case.operation.path}", case.body)


def _fit_to(operation: str, body: dict[str, Any]) -> None:
    if operation == "PATCH /events/{event_id}":
        # Once there are several ticket types, each has its own.
        for name in ("capacity", "ticket_price"):
            body.pop(name, None)
    if operation == "PATCH /users/me" and "email" in body:
        # A new address takes a password.
        body["current_password"] = PASSWORD


def _fit_what_is_inside(body: dict[str, Any]) -> None:
    if body.get("kind") in ("percent", "fixed"):
        # A percentage is whole and at most 100.
        body["value"] = 20
    if isinstance(body.get("attendees"), list):
        # At most one for each place.
        body["attendees"] = body["attendees"][:1]
    if isinstance(body.get("items"), list):
        # Each type once.
        body["items"] = list({item["ticket_type_id"]: item for item in body["items"]}.values())
    for inner in [*body.get("items", []), *body.get("ticket_types", []), *body.get("scans", [])]:
        _fit(inner)


def _fit(body: dict[str, Any]) -> None:
    _fit_what_is_inside(body)
    # A code has to be handed out before; wrong ones are soon refused altogether.
    body.pop("promo_code", None)
    if "event_id" in body:
        body.pop("access_code", None)
    fitting = {
        "date": FUTURE,  # an event lies ahead
        "ends_at": LATER,  # and ends after it began
        "doors_open_at": FUTURE,  # and lets people in before that
        "sales_open_at": OPENS,  # windows begin before they end
        "sales_close_at": CLOSES,
        "valid_from": OPENS,
        "valid_until": CLOSES,
        "scanned_at": OPENS,  # a pattern knows not how many days a month has
        "value": 20,  # a whole percentage
        "min_per_order": 1,  # an order may hold something
        "max_per_order": 10,
        "quantity": 1,  # within what a type allows
        "time_zone": "Africa/Lagos",  # one of some six hundred
        "new_password": PASSWORD,  # none of the common ones
    }
    for name, value in fitting.items():
        if body.get(name) is not None:
            body[name] = value
    for name, value in body.items():
        # To JSON Schema 5.0 is an integer; the shop tells it from 5.
        body[name] = _whole(value)
    _fit_names(body)
    if body.get("ticket_price"):
        # Each currency has its least payable amount.
        body["ticket_price"] = PAYABLE


def _fit_names(body: dict[str, Any]) -> None:
    for name in ("email", "contact_email", "reply_to"):
        if isinstance(address := body.get(name), str):
            # Names such as `.local` are reserved, which no JSON Schema says.
            body[name] = f"a{zlib.crc32(address.encode())}@example.org"
    if isinstance(body.get("username"), str) and ("email" in body or "password" not in body):
        # Letters that cannot be seen, or look like others, are refused.
        body["username"] = f"a{zlib.crc32(body['username'].encode())}"
    if {"kind", "max_uses"} & body.keys() and isinstance(body.get("code"), str):
        body["code"] = f"c{zlib.crc32(body['code'].encode())}"
    if "username" in body and "email" in body:
        body["password"] = PASSWORD


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@schemathesis.deserializer("image/png")
def read_picture(context: DeserializationContext, response: Response) -> str:
    """The picture as the text of type `string` that OpenAPI takes it for."""
    assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
    return response.content.decode("latin-1")

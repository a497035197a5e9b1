"""Who may call what: declared once for every operation, tried in test_access.py."""

from collections.abc import Callable
from typing import Any

import httpx

PUBLIC = {
    "POST /users",
    "POST /token",
    "POST /token/refresh",
    "POST /token/revoke",
    "GET /events",
    "POST /events",  # in the demo; an organizer's elsewhere, see TestCreate in test_events.py
    "GET /events/{event_id}",
    "POST /payments/webhook",  # proves itself by its signature
    "GET /.well-known/jwks.json",
    "GET /health/live",
    "GET /health/ready",
}
PAGES = {
    "/openapi.json",
    "/docs",
    "/redoc",
    "/",
    "/pay",  # the token in its address is the secret
    "/problems/{code}",
    "/payments/callback",  # knows nobody; the key in its address shows tickets
    "/e/{event}",
    "/e/{event}.ics",
    "/e/{event}/embed",
    "/e/{event}/poster",
    "/e/{event}/poster.svg",
    "/t/{link_key}",  # the address is the secret
}
MOUNTS = {"/static"}

Call = Callable[[httpx.Client, dict[str, int | str], dict[str, str]], httpx.Response]

ORGANIZERS = {"organizer": 200, "admin": 200, "rival": 404, "ada": 404, "bola": 404}
ADAS = {"ada": 200, "bola": 404, "organizer": 404, "rival": 404, "admin": 404}


def call(method: str, address: str, body: dict[str, Any] | None = None) -> Call:
    """Calls the address, with what was prepared in its holes."""
    return lambda api, ids, headers: api.request(
        method, address.format_map(ids), json=body, headers=headers
    )


NO_ADMINS = {"ada": 403, "bola": 403, "organizer": 403, "rival": 403}

OWNED: dict[str, tuple[Call, dict[str, int]]] = {
    "PATCH /users/{user_id}": (
        call("PATCH", "/users/{staff}", {"disabled": False}),
        NO_ADMINS | {"staff": 403, "admin": 200},
    ),
    "DELETE /users/{user_id}/sessions": (
        call("DELETE", "/users/{staff}/sessions"),
        NO_ADMINS | {"staff": 403, "admin": 204},
    ),
    "DELETE /users/me/sessions/{session_id}": (
        call("DELETE", "/users/me/sessions/{session}"),
        ADAS | {"ada": 204},
    ),
    "POST /events/{event_id}/cancellation": (
        call("POST", "/events/{event}/cancellation", {"dry_run": True}),
        ORGANIZERS,
    ),
    "GET /events/{event_id}/ticket-types": (
        call("GET", "/events/{event}/ticket-types"),
        ORGANIZERS,
    ),
    "POST /events/{event_id}/ticket-types": (
        call("POST", "/events/{event}/ticket-types", {"name": "VIP", "ticket_price": 0}),
        # The name is taken once the organizer has used it.
        ORGANIZERS | {"organizer": 201, "admin": 409},
    ),
    "PATCH /events/{event_id}/ticket-types/{ticket_type_id}": (
        call("PATCH", "/events/{event}/ticket-types/{spare_type}", {"name": "Gallery"}),
        ORGANIZERS,
    ),
    "DELETE /events/{event_id}/ticket-types/{ticket_type_id}": (
        call("DELETE", "/events/{event}/ticket-types/{spare_type}"),
        {"rival": 404, "ada": 404, "bola": 404, "organizer": 204, "admin": 404},
    ),
    "GET /events/{event_id}/promo-codes": (call("GET", "/events/{event}/promo-codes"), ORGANIZERS),
    "POST /events/{event_id}/promo-codes": (
        call(
            "POST",
            "/events/{event}/promo-codes",
            {"code": "EARLYBIRD", "kind": "percent", "value": 20},
        ),
        ORGANIZERS | {"organizer": 201, "admin": 409},
    ),
    "PATCH /events/{event_id}/promo-codes/{promo_code_id}": (
        call("PATCH", "/events/{event}/promo-codes/{promo_code}", {"is_stopped": True}),
        ORGANIZERS,
    ),
    "DELETE /events/{event_id}/promo-codes/{promo_code_id}": (
        call("DELETE", "/events/{event}/promo-codes/{promo_code}"),
        ORGANIZERS | {"organizer": 204, "admin": 404},
    ),
    "POST /events/{event_id}/waiting-list": (
        lambda api, ids, headers: api.post(
            f"/events/{ids['full']}/waiting-list",
            json={"ticket_type_id": ids["full_type"]},
            headers=headers,
        ),
        # Ada waits already; everybody else may.
        {"ada": 409, "bola": 201, "organizer": 201, "rival": 201, "admin": 201},
    ),
    "GET /events/{event_id}/waiting-list": (
        call("GET", "/events/{full}/waiting-list"),
        ORGANIZERS,
    ),
    "DELETE /events/{event_id}/waiting-list/{entry_id}": (
        call("DELETE", "/events/{full}/waiting-list/{entry}"),
        ORGANIZERS | {"organizer": 204, "admin": 204},
    ),
    "DELETE /waiting-list/{entry_id}": (
        call("DELETE", "/waiting-list/{entry}"),
        {"bola": 404, "organizer": 404, "rival": 404, "admin": 404, "ada": 204},
    ),
    "GET /orders/{order_id}": (call("GET", "/orders/{order}"), ADAS),
    "POST /orders/{order_id}/pay": (call("POST", "/orders/{pending}/pay"), ADAS),
    "GET /events/{event_id}/orders": (call("GET", "/events/{full}/orders"), ORGANIZERS),
    "POST /events/{event_id}/orders/{order_id}/release": (
        call("POST", "/events/{full}/orders/{pending}/release"),
        # Once it is released, nothing waits any more.
        ORGANIZERS | {"admin": 409},
    ),
    "POST /orders/{order_id}/cancel": (call("POST", "/orders/{pending}/cancel"), ADAS),
    "POST /orders/{order_id}/refunds": (
        call("POST", "/orders/{order}/refunds", {"reason": "It rains"}),
        # This event lets buyers give nothing back; the organizer may, once.
        {"bola": 404, "rival": 404, "ada": 409, "organizer": 201, "admin": 409},
    ),
    "GET /orders/{order_id}/refunds": (
        call("GET", "/orders/{order}/refunds"),
        ADAS | {"organizer": 200, "admin": 200},
    ),
    # Its refund goes on by itself, so that there is nothing to do about it.
    "POST /refunds/{refund_id}/retry": (
        call("POST", "/refunds/{refund}/retry"),
        ORGANIZERS | {"organizer": 409, "admin": 409},
    ),
    "POST /refunds/{refund_id}/done": (
        call("POST", "/refunds/{refund}/done", {"note": "Bank transfer 123"}),
        ORGANIZERS | {"organizer": 409, "admin": 409},
    ),
    "PATCH /events/{event_id}": (call("PATCH", "/events/{event}", {"title": "New"}), ORGANIZERS),
    "DELETE /events/{event_id}": (
        call("DELETE", "/events/{unsold}"),
        {"rival": 404, "ada": 404, "bola": 404, "organizer": 204, "admin": 404},
    ),
    "POST /payments/verify/{reference}": (call("POST", "/payments/verify/{reference}"), ADAS),
    "GET /payments/{reference}": (call("GET", "/payments/{reference}"), ADAS),
    "GET /tickets/{ticket_id}": (call("GET", "/tickets/{ticket}"), ADAS),
    "GET /tickets/{ticket_id}/details": (call("GET", "/tickets/{ticket}/details"), ADAS),
    "GET /tickets/{ticket_id}/qr.png": (call("GET", "/tickets/{ticket}/qr.png"), ADAS),
    "GET /tickets/{ticket_id}/qr.svg": (call("GET", "/tickets/{ticket}/qr.svg"), ADAS),
    "GET /tickets/{ticket_id}/ticket.pdf": (call("GET", "/tickets/{ticket}/ticket.pdf"), ADAS),
}
"""What each person gets at what Ada bought and the organizer organizes, tried in this order."""

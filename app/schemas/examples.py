"""The values that examples of answers are made of, by the name of the field.

A field of one body goes before the same name elsewhere: ``PromoCodeOut.code``.
"""

from collections.abc import Mapping
from typing import Any, Final

TICKET_CODE: Final = "TK1:0 A9V KC+38QE6 2%0Y9DR$VBI1N3LQ4K9*MHX0F7C-B+E%2/HH6S:S0ZJ6H1P%O.1"
PICTURE: Final = "iVBORw0KGgoAAAANSUhEUgAAAUoAAAFKAQAAAABTUiuoAAAA…"
SIGNED: Final = "eyJhbGciOiJIUzI1NiJ9…"
SHOP: Final = "https://tickets.example.com"

VALUES: Final[Mapping[str, Any]] = {
    "access_code": "CREW2030",
    "access_token": SIGNED,
    "actor": "user:1",
    "admitted": 120,
    "alg": "EdDSA",
    "author": "ada.obi",
    "attempts": 1,
    "attendee_name": "Ada Obi",
    "authorization_url": "https://checkout.paystack.com/0peioxfhpn",
    "breaker": "closed",
    "buyer_name": None,
    "cancelled_at": None,
    "capacity": 200,
    "category": "Music",
    "client_kind": "browser",
    "code": TICKET_CODE,
    "colour": "#1a5fb4",
    "contact_email": "hello@jazz.example.com",
    "created_at": "2030-05-01T09:30:00Z",
    "crv": "Ed25519",
    "currency": "NGN",
    "database": "ok",
    "description": "Five bands under the stars.",
    "device_id": 1,
    "doors_open_at": "2030-06-01T17:00:00Z",
    "email": "ada@example.com",
    "ended_at": None,
    "ends_at": "2030-06-01T22:00:00Z",
    "disputed_at": None,
    "event_date": "2030-06-01T18:00:00Z",
    "event_location": "Freedom Park, Lagos",
    "event_title": "Lagos Jazz Night",
    "expires_in": 1800,
    "from_status": "pending",
    "full_name": "Ada Obi",
    "language": "fr",
    "gate": "North",
    "holder_name": "ada.obi",
    "image_url": "https://images.example.com/jazz.jpg",
    "is_draft": False,
    "is_new": True,
    "kid": "1",
    "kty": "OKP",
    "last_error": None,
    "location": "Freedom Park, Lagos",
    "max_per_buyer": 4,
    "max_per_order": 10,
    "max_uses": 100,
    "message": "Payment verified. Here is your ticket.",
    "migrations": "up to date",
    "name": "General admission",
    "network": "203.0.113.0/24",
    "next_try_at": None,
    "orders_refunded": 0,
    "outbox_age_seconds": None,
    "paystack_calls_in_flight": 0,
    "place_in_line": 1,
    "places_left": 58,
    "done_by": None,
    "done_note": None,
    "qr_code_base64": PICTURE,
    "quantity": 1,
    "reason": None,
    "received": True,
    "reentry": False,
    "reference": "TCK-7Q2M4VXB9RJ3NTK6WZC5",
    "refresh_token": "Zk9tq1rX0sB5uYw8vA3cE6dF2gH7jK4lM1nP0oQ",
    "refund_hours": 48,
    "refused": 3,
    "reply_to": "desk@jazz.example.com",
    "resends": 0,
    "revision": "9b1f2c47d0",
    "revoked_at": None,
    "revoked_reason": None,
    "sales_close_at": None,
    "sales_open_at": None,
    "sales_paused_at": None,
    "scan_id": "north-1-000042",
    "sent_at": "2030-05-01T09:30:02Z",
    "shared_capacity": None,
    "short_code": "7K3M-Q9XD-2VTB-R5HN",
    "status": "ok",
    "taken": 142,
    "terms": "No glass, please.",
    "text": "Called: wants seats beside order 12.",
    "ticket_price": 2500.0,
    "ticket_type": "General admission",
    "tickets": 142,
    "organization": "Jazz Collective",
    "time_zone": "Africa/Lagos",
    "title": "Lagos Jazz Night",
    "to_email": "bola@example.com",
    "to_name": "Bola Ade",
    "token_type": "bearer",
    "undo_reason": None,
    "undone_at": None,
    "url": f"{SHOP}/scan#enrol=Jq4w8S1kT7",
    "use": "sig",
    "used_at": None,
    "user_id": 1,
    "username": "ada.obi",
    "valid_from": None,
    "valid_until": "2030-05-31T22:59:59Z",
    "value": 20.0,
    "webhook_age_seconds": None,
    "failed_items": 0,
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "OrderItemOut.attendees": ["Ada Obi"],
    "CheckoutOut.order_url": f"{SHOP}/o/12.mU3zQvN0bqk1c5f9xJ2hVtYpLrE",
    "CheckoutOut.tickets": [],
    "CheckoutOut.token": "12.mU3zQvN0bqk1c5f9xJ2hVtYpLrE",
    "CheckInOut.message": "Welcome.",
    "CheckInOut.reason": "admitted",
    "ConflictOut.scans": [],
    "DisputeOut.amount": {"amount": 250_000, "currency": "NGN"},
    "DisputeOut.category": "chargeback",
    "DisputeOut.due_at": "2030-05-08T09:30:00Z",
    "DisputeOut.paystack_id": "358950",
    "DisputeOut.resolution": None,
    "DisputeOut.resolved_at": None,
    "DisputeOut.status": "awaiting-merchant-feedback",
    "EnrolmentOut.code": "Jq4w8S1kT7",
    "KeptRefundOut.reason": "It rains",
    "KeptScanOut.reason": "admitted",
    "MailPromised.message": "If the account exists, a mail is on its way.",
    "ManifestEntryOut.box": "q83vEjRWeJCrze8SNFZ4kA",
    "ManifestEntryOut.id": "5f2d9c0a1b",
    "PromoCodeOut.code": "EARLYBIRD",
    "RefundOut.reason": "The buyer cannot come.",
    "RevocationOut.reason": "refunded",
    "SaveLinkOut.url": f"https://pay.google.com/gp/v/save/{SIGNED}",
    "ScannerOut.name": "Scanner 1",
    "DeviceOut.name": "Scanner 1",
    "NewDeviceOut.name": "Scanner 1",
    "OrganizationOut.name": "Jazz Collective",
    "OrganizationOut.kind": "shared",
    "OrderKind": "online",
    "OrganizationOut.my_role": "owner",
    "MemberOut.role": "manager",
    "InvitationOut.role": "manager",
    "InvitationOut.state": "open",
    "AcceptedOut.role": "manager",
    "AcceptedOut.organization": "Jazz Collective",
    "KeptMembershipOut.kind": "shared",
    "KeptMembershipOut.role": "owner",
    "KeptInvitationOut.role": "owner",
    "KeptInvitationOut.state": "accepted",
    "OrganizationName.name": "Jazz Collective",
    "MoneyOut.amount": 250_000,
    "OrderStatus": "paid",
    "PaymentStatus": "succeeded",
    "TicketOut.status": "valid",
    "StepOut.reason": "paid",
}
"""Also by the name of a list of words, such as ``OrderStatus``; else its first word is taken."""


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str = "") -> Any:
    """An example of what the JSON schema describes.

    Args:
        schema: the schema, which may refer to others.
        schemas: what it refers to, by name.
        name: the field, as ``name`` or ``Body.name``.

    Raises:
        LookupError: a text has no example; give its field one, or add its name to ``VALUES``.
    """
    if name in VALUES:
        return VALUES[name]
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        referred = str(schema["$ref"]).rsplit("/", 1)[-1]
        return _example_of_named(referred, schemas)
    field = name.rpartition(".")[2]
    if field in VALUES and schema.get("type") != "array":
        return VALUES[field]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas, name)
    return _example_of_type(schema, schemas, name)


def _example_of_named(name: str, schemas: Mapping[str, Any]) -> Any:
    schema = schemas[name]
    if "enum" in schema:
        return VALUES.get(name, schema["enum"][0])
    return {
        field: example_of(described, schemas, f"{name}.{field}")
        for field, described in schema.get("properties", {}).items()
    }


def _example_of_type(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str) -> Any:
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "array":
            return [example_of(schema["items"], schemas, f"{name}.item")]
        case "boolean":
            return False
        case "integer" | "number":
            return 1
        case "string" if schema.get("format") == "date-time":
            return "2030-05-01T09:30:00Z"
    raise LookupError(f"Give {name} an example: Field(examples=[…]), or app/schemas/examples.py.")

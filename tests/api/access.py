"""Access policy: how callers are refused, and what operations need before they can succeed.

An operation's callers are read from its route. A new one needs nothing here, unless its example
fits another row than the one of its kind that `make_rows` in access_rows.py makes.
"""

from typing import Any

from app.domain.permissions import ROLES_FOR, OrganizationRole
from app.http.callers import Access
from app.http.strict_route import StrictRoute

PAGES = {
    "/openapi.json",
    "/docs",
    "/redoc",
    "/",
    "/o/{token}",  # the address is the secret, here and in what its buttons do
    "/o/{token}/pay",
    "/o/{token}/cancel",
    "/o/{token}/refund",
    "/o/{token}/transfer",
    "/o/{token}/withdraw",
    "/problems/{code}",
    "/payments/callback",  # knows nobody; the key in its address shows tickets
    "/e/{event}",
    "/e/{event_id}/checkout",
    "/e/{event_id}/waiting-list",
    "/w/{token}",  # the address is the secret
    "/w/{token}/join",
    "/w/{token}/leave",
    "/e/{event}.ics",
    "/e/{event}/embed",
    "/e/{event}/poster",
    "/e/{event}/poster.svg",
    "/pictures/{name}",
    "/colours/{name}.css",
    "/t/{link_key}",  # the address is the secret
    "/t/{link_key}.ics",
    "/t/{link_key}.pdf",
    "/invitation",  # the token is the secret
    "/transfer",  # the token is the secret
    "/account/confirm",  # the link's token is the secret
    "/account/decline",
    "/account/undo",
    "/account/reset",
    "/sign-in",
    "/sign-up",
    "/sign-out",
    "/account/forgotten",
    "/account/two-step",
    "/account/two-step/begin",
    "/account/two-step/confirm",
    "/account/two-step/off",
    "/sign-in/code",  # the first step's proof is the secret
    "/sign-in/link",
    "/sign-in/link/open",  # the link's token is the secret
    "/account/sessions",  # of who is signed in
    "/account/sessions/end",
    "/account/sessions/language",
    "/account/password",
    "/account/tickets",
    "/manage",  # of who is signed in; the services decide, as for the API
    "/manage/confirmation",
    "/manage/events/new",
    "/manage/events/{event_id}",
    "/manage/events/{event_id}/attendance",
    "/manage/door",
    "/manage/events/{event_id}/counts",
    "/manage/events/{event_id}/door",
    "/manage/events/{event_id}/door/check-ins/{check_in_id}/undo",
    "/manage/events/{event_id}/door/tickets/{ticket_id}/admit",
    "/manage/samples",
    "/manage/events/{event_id}/desk",
    "/manage/events/{event_id}/messages",
    "/manage/events/{event_id}/waiting-list",
    "/manage/events/{event_id}/waiting-list/{entry_id}/remove",
    "/manage/events/{event_id}/edit",
    "/manage/events/{event_id}/preview",
    "/manage/events/{event_id}/publish",
    "/manage/events/{event_id}/pause-sales",
    "/manage/events/{event_id}/resume-sales",
    "/manage/events/{event_id}/duplicate",
    "/manage/events/{event_id}/handover",
    "/manage/events/{event_id}/delete",
    "/manage/events/{event_id}/cancel",
    "/manage/events/{event_id}/picture",
    "/manage/events/{event_id}/picture/remove",
    "/manage/events/{event_id}/exports",
    "/manage/events/{event_id}/exports/{kind}.{form}",
    "/manage/events/{event_id}/gates",
    "/manage/events/{event_id}/gates/scanners",
    "/manage/events/{event_id}/gates/scanners/{device_id}/revoke",
    "/manage/events/{event_id}/gates/staff",
    "/manage/events/{event_id}/gates/staff/{user_id}/remove",
    "/manage/events/{event_id}/promo-codes",
    "/manage/events/{event_id}/promo-codes/new",
    "/manage/events/{event_id}/promo-codes/{promo_code_id}",
    "/manage/events/{event_id}/promo-codes/{promo_code_id}/delete",
    "/manage/events/{event_id}/promo-codes/{promo_code_id}/stop",
    "/manage/events/{event_id}/exports/{export_id}",
    "/manage/events/{event_id}/exports/{export_id}/file",
    "/manage/events/{event_id}/report",
    "/manage/events/{event_id}/orders/{order_id}",
    "/manage/events/{event_id}/orders/{order_id}/buyer",
    "/manage/events/{event_id}/orders/{order_id}/tickets/{ticket_id}",
    "/manage/events/{event_id}/orders/{order_id}/mail",
    "/manage/events/{event_id}/orders/{order_id}/notes",
    "/manage/events/{event_id}/orders/{order_id}/refund",
    "/manage/events/{event_id}/orders/{order_id}/refund-money",
    "/manage/events/{event_id}/orders/{order_id}/refunds/{refund_id}/done",
    "/manage/organizations/{organization_id}",
    "/manage/organizations/{organization_id}/delete",
    "/manage/organizations/{organization_id}/logo",
    "/manage/organizations/{organization_id}/logo/remove",
    "/manage/organizations/{organization_id}/report",
    "/manage/events/{event_id}/ticket-types",
    "/manage/events/{event_id}/ticket-types/{ticket_type_id}",
    "/manage/teams",
    "/manage/teams/{organization_id}",
    "/manage/teams/{organization_id}/invitations",
    "/manage/teams/{organization_id}/invitations/{invitation_id}/withdraw",
    "/manage/teams/{organization_id}/members/{user_id}",
    "/manage/teams/{organization_id}/members/{user_id}/remove",
    "/admin",  # of admins who are signed in
    "/admin/find",
    "/admin/to-do",
    "/admin/log",
    "/admin/person/{user_id}",
    "/admin/order/{order_id}",
    "/admin/payment/{payment_id}",
    "/admin/ticket/{ticket_id}",
    "/admin/mail/{message_id}",
    "/admin/do/{kind}/{row_id}/{action}",
    "/scan",  # the same for everybody; the door's operations ask for the phone's own token
    "/scan/sw.js",
    "/scan/app.webmanifest",
}
MOUNTS = {"/static"}

MEMBERS = {
    "organizer": OrganizationRole.OWNER,
    "manager": OrganizationRole.MANAGER,
    "finance": OrganizationRole.FINANCE,
    "support": OrganizationRole.SUPPORT,
    "checker": OrganizationRole.CHECKER,
}
"""Those of the organization whose event Ada bought tickets for."""
CALLERS = ("ada", "bola", "rival", "admin", "staff", "scanner", *MEMBERS)
"""Bola bought nothing, the rival organizes other events; staff and the scanner check tickets."""

BESIDE_MEMBERS: dict[Access, set[str]] = {
    Access.ACCOUNT: set(CALLERS) - {"scanner"},
    Access.OWNER: {"ada"},
    Access.OWNER_OR_MEMBER: {"ada", "admin"},
    Access.MEMBER: {"admin"},
    Access.ANY_MEMBER: {"rival", "admin", *MEMBERS},  # who are organizers, see `people`
    Access.STAFF: {"staff", "admin"},
    Access.CHECK_IN: {"staff", "scanner", "admin"},
    Access.SCANNER: {"scanner"},
    Access.ADMIN: {"admin"},
}
"""Who is served beside the members whose role allows the action the route declares."""


def may_call(route: StrictRoute, person: str) -> bool:
    if person in BESIDE_MEMBERS[route.access]:
        return True
    return route.action is not None and MEMBERS.get(person) in ROLES_FOR[route.action]


def refusal_of(route: StrictRoute, person: str) -> int:
    """The status for a caller without the right; 404 looks as if there were nothing."""
    if person == "scanner" or route.access is Access.SCANNER:
        return 404 if route.access is Access.CHECK_IN else 401
    if route.access in (Access.ADMIN, Access.ANY_MEMBER):
        return 403
    return 403 if route.action is not None and person in MEMBERS else 404


PENDING = {"order_id": "pending"}
WAITING = {"event_id": "full"}
PATHS: dict[str, dict[str, str]] = {
    "DELETE /events/{event_id}": {"event_id": "unsold"},
    "PATCH /events/{event_id}/ticket-types/{ticket_type_id}": {"ticket_type_id": "spare_type"},
    "DELETE /events/{event_id}/ticket-types/{ticket_type_id}": {"ticket_type_id": "spare_type"},
    "POST /events/{event_id}/waiting-list": {"event_id": "sold_out"},
    "GET /events/{event_id}/waiting-list": WAITING,
    "DELETE /events/{event_id}/waiting-list/{entry_id}": WAITING,
    "GET /events/{event_id}/orders": WAITING,
    "POST /events/{event_id}/orders/{order_id}/release": WAITING | PENDING,
    "PATCH /events/{event_id}/orders/{order_id}/buyer": {"order_id": "guest_order"},
    "POST /orders/{order_id}/pay": PENDING,
    "POST /orders/{order_id}/cancel": PENDING,
    "POST /admin/orders/{order_id}/release": PENDING,
    "DELETE /tickets/{ticket_id}/revocation": {"ticket_id": "revoked_ticket"},
    "PATCH /organizations/{organization_id}/members/{user_id}": {"user_id": "organizer"},
    "DELETE /organizations/{organization_id}/members/{user_id}": {"user_id": "organizer"},
}
"""Which of the rows that were made stand in the address, other than the one of the same name."""

BODIES: dict[str, dict[str, Any]] = {
    "PATCH /events/{event_id}": {"title": "New"},
    "POST /events/{event_id}/staff": {"name": "bola"},
    "POST /events/{event_id}/handover": {"organization_id": "organization_id"},
    "POST /admin/people/{user_id}/role": {"role": "buyer", "reason": "Left"},
    "POST /events/{event_id}/waiting-list": {"ticket_type_id": "sold_out_type"},
}
"""Bodies in place of the example; a value that names one of the rows stands for its id."""

QUERIES: dict[str, dict[str, str]] = {
    f"GET /admin/{kind}": {"q": "ada"}
    for kind in ("search", "people", "orders", "payments", "tickets")
}
"""Queries in place of the example."""

REFUSED_ALL_THE_SAME: dict[str, int] = {
    # The refund goes on without anybody: there is nothing to do about it.
    "POST /refunds/{refund_id}/retry": 409,
    "POST /refunds/{refund_id}/done": 409,
    "POST /admin/refunds/{refund_id}/retry": 409,
    "POST /admin/refunds/{refund_id}/done": 409,
    "POST /admin/mails/{message_id}/drop": 409,
    "POST /admin/disputes/{dispute_id}/close": 404,
    "POST /admin/people/{user_id}/reset-two-step": 409,
    # The organizer's is a personal organization: it keeps its owner, and nobody is invited.
    "DELETE /organizations/{organization_id}/members/{user_id}": 409,
    "POST /organizations/{organization_id}/invitations": 409,
    "DELETE /organizations/{organization_id}": 409,
    "DELETE /organizations/{organization_id}/invitations/{invitation_id}": 404,
}
"""The status for callers with the right, where the rows that were made stand against it."""

NOTES_OF_THEIR_OWN = {"POST /events/{event_id}/orders"}
"""Whose reason is a note on the order, which buyers do not see: it names its author, and ends with
the order."""

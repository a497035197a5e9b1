"""Whom each page serves, and what is sent to it, for test_page_rights.py."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from app.domain.permissions import Action
from tests.support.factories import PASSWORD


class Of(Enum):
    """Whom a page serves, where it is not the members whose role allows an action."""

    EVERYBODY = auto()
    """Whoever knows its address, which is a secret where there is one in it."""
    SIGNED_IN = auto()
    """Whoever is signed in, each their own."""
    ADMINS = auto()
    """For all others there is nothing."""


PAGES_OF: Final[Mapping[str, Of | Action]] = {
    "GET /": Of.EVERYBODY,
    "GET /account/confirm": Of.EVERYBODY,
    "GET /account/forgotten": Of.EVERYBODY,
    "GET /account/password": Of.SIGNED_IN,
    "GET /account/reset": Of.EVERYBODY,
    "GET /account/sessions": Of.SIGNED_IN,
    "GET /account/tickets": Of.SIGNED_IN,
    "GET /account/undo": Of.EVERYBODY,
    "GET /admin": Of.ADMINS,
    "GET /admin/do/{kind}/{row_id}/{action}": Of.ADMINS,
    "GET /admin/find": Of.ADMINS,
    "GET /admin/log": Of.ADMINS,
    "GET /admin/mail/{message_id}": Of.ADMINS,
    "GET /admin/order/{order_id}": Of.ADMINS,
    "GET /admin/payment/{payment_id}": Of.ADMINS,
    "GET /admin/person/{user_id}": Of.ADMINS,
    "GET /admin/ticket/{ticket_id}": Of.ADMINS,
    "GET /admin/to-do": Of.ADMINS,
    "GET /docs": Of.EVERYBODY,
    "GET /e/{event}": Of.EVERYBODY,
    "GET /e/{event}.ics": Of.EVERYBODY,
    "GET /e/{event}/embed": Of.EVERYBODY,
    "GET /e/{event}/poster": Of.EVERYBODY,
    "GET /e/{event}/poster.svg": Of.EVERYBODY,
    "GET /invitation": Of.EVERYBODY,
    "GET /manage": Of.SIGNED_IN,
    "GET /manage/events/new": Of.SIGNED_IN,
    "GET /manage/events/{event_id}": Action.SEE_EVENT,
    "GET /manage/events/{event_id}/attendance": Action.SEE_ATTENDEES,
    "GET /manage/events/{event_id}/cancel": Action.MANAGE_EVENT,
    "GET /manage/events/{event_id}/edit": Action.MANAGE_EVENT,
    "GET /manage/events/{event_id}/exports/{kind}.{form}": Action.SEE_ORDERS,
    "GET /manage/events/{event_id}/gates": Action.MANAGE_GATES,
    "GET /manage/events/{event_id}/orders/{order_id}": Action.SEE_ORDERS,
    "GET /manage/events/{event_id}/promo-codes": Action.SEE_EVENT,
    "GET /manage/events/{event_id}/promo-codes/new": Action.MANAGE_EVENT,
    "GET /manage/events/{event_id}/promo-codes/{promo_code_id}": Action.MANAGE_EVENT,
    "GET /manage/events/{event_id}/report": Action.SEE_MONEY,
    "GET /manage/events/{event_id}/ticket-types": Action.MANAGE_EVENT,
    "GET /manage/events/{event_id}/ticket-types/{ticket_type_id}": Action.MANAGE_EVENT,
    "GET /manage/organizations/{organization_id}/report": Action.SEE_MONEY,
    "GET /manage/organizations/{organization_id}": Action.MANAGE_ORGANIZATION,
    "POST /manage/organizations/{organization_id}": Action.MANAGE_ORGANIZATION,
    "POST /manage/organizations/{organization_id}/logo": Action.MANAGE_ORGANIZATION,
    "POST /manage/organizations/{organization_id}/logo/remove": Action.MANAGE_ORGANIZATION,
    "GET /manage/organizations/{organization_id}/delete": Action.DELETE_ORGANIZATION,
    "POST /manage/organizations/{organization_id}/delete": Action.DELETE_ORGANIZATION,
    "GET /manage/teams": Of.SIGNED_IN,
    "GET /manage/teams/{organization_id}": Action.SEE_TEAM,
    "GET /o/{token}": Of.EVERYBODY,
    "GET /payments/callback": Of.EVERYBODY,
    "GET /problems/{code}": Of.EVERYBODY,
    "GET /redoc": Of.EVERYBODY,
    "GET /scan": Of.EVERYBODY,
    "GET /scan/app.webmanifest": Of.EVERYBODY,
    "GET /scan/sw.js": Of.EVERYBODY,
    "GET /sign-in": Of.EVERYBODY,
    "GET /sign-in/link": Of.EVERYBODY,
    "GET /sign-up": Of.EVERYBODY,
    "GET /t/{link_key}": Of.EVERYBODY,
    "GET /t/{link_key}.ics": Of.EVERYBODY,
    "GET /t/{link_key}.pdf": Of.EVERYBODY,
    "GET /transfer": Of.EVERYBODY,
    "GET /w/{token}": Of.EVERYBODY,
    "POST /account/confirm": Of.EVERYBODY,
    "POST /account/decline": Of.EVERYBODY,
    "POST /account/forgotten": Of.EVERYBODY,
    "POST /account/password": Of.SIGNED_IN,
    "POST /account/reset": Of.EVERYBODY,
    "POST /account/sessions": Of.SIGNED_IN,
    "POST /account/sessions/end": Of.SIGNED_IN,
    "POST /account/sessions/language": Of.SIGNED_IN,
    "POST /account/undo": Of.EVERYBODY,
    "POST /admin/do/{kind}/{row_id}/{action}": Of.ADMINS,
    "POST /e/{event_id}/checkout": Of.EVERYBODY,
    "POST /e/{event_id}/waiting-list": Of.EVERYBODY,
    "POST /invitation": Of.EVERYBODY,
    "POST /manage/confirmation": Of.SIGNED_IN,
    "POST /manage/events/new": Of.SIGNED_IN,
    "POST /manage/events/{event_id}/cancel": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/edit": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/gates/scanners": Action.MANAGE_GATES,
    "POST /manage/events/{event_id}/gates/scanners/{device_id}/revoke": Action.MANAGE_GATES,
    "POST /manage/events/{event_id}/gates/staff": Action.MANAGE_GATES,
    "POST /manage/events/{event_id}/gates/staff/{user_id}/remove": Action.MANAGE_GATES,
    "POST /manage/events/{event_id}/orders/{order_id}/mail": Action.HELP_HOLDERS,
    "POST /manage/events/{event_id}/orders/{order_id}/notes": Action.SEE_ORDERS,
    "POST /manage/events/{event_id}/orders/{order_id}/refund": Action.REFUND,
    "POST /manage/events/{event_id}/orders/{order_id}/refund-money": Action.REFUND,
    "POST /manage/events/{event_id}/promo-codes/new": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/promo-codes/{promo_code_id}": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/promo-codes/{promo_code_id}/delete": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/promo-codes/{promo_code_id}/stop": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/ticket-types": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/ticket-types/{ticket_type_id}": Action.MANAGE_EVENT,
    "POST /manage/teams": Of.SIGNED_IN,
    "POST /manage/teams/{organization_id}/invitations": Action.MANAGE_TEAM,
    "POST /manage/teams/{organization_id}/invitations/{invitation_id}/withdraw": Action.MANAGE_TEAM,
    "POST /manage/teams/{organization_id}/members/{user_id}": Action.MANAGE_TEAM,
    "POST /manage/teams/{organization_id}/members/{user_id}/remove": Action.MANAGE_TEAM,
    "POST /o/{token}/cancel": Of.EVERYBODY,
    "POST /o/{token}/pay": Of.EVERYBODY,
    "POST /o/{token}/refund": Of.EVERYBODY,
    "POST /o/{token}/transfer": Of.EVERYBODY,
    "POST /o/{token}/withdraw": Of.EVERYBODY,
    "POST /sign-in": Of.EVERYBODY,
    "POST /sign-in/link": Of.EVERYBODY,
    "POST /sign-in/link/open": Of.EVERYBODY,
    "POST /sign-out": Of.SIGNED_IN,
    "POST /sign-up": Of.EVERYBODY,
    "POST /transfer": Of.EVERYBODY,
    "POST /w/{token}/join": Of.EVERYBODY,
    "POST /w/{token}/leave": Of.EVERYBODY,
    "GET /account/two-step": Of.SIGNED_IN,
    "GET /manage/events/{event_id}/delete": Action.MANAGE_EVENT,
    "GET /manage/events/{event_id}/duplicate": Action.MANAGE_EVENT,
    "GET /manage/events/{event_id}/preview": Action.SEE_EVENT,
    "POST /account/two-step/begin": Of.SIGNED_IN,
    "POST /account/two-step/confirm": Of.SIGNED_IN,
    "POST /account/two-step/off": Of.SIGNED_IN,
    "POST /manage/events/{event_id}/delete": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/duplicate": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/pause-sales": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/publish": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/resume-sales": Action.MANAGE_EVENT,
    "POST /sign-in/code": Of.EVERYBODY,
    "GET /manage/events/{event_id}/picture": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/picture": Action.MANAGE_EVENT,
    "POST /manage/events/{event_id}/picture/remove": Action.MANAGE_EVENT,
    "GET /pictures/{name}": Of.EVERYBODY,
    "GET /colours/{name}.css": Of.EVERYBODY,
    "POST /manage/events/{event_id}/exports": Action.SEE_ORDERS,
    # Of every member; each file asks for the right to what is in it.
    "GET /manage/events/{event_id}/exports": Action.SEE_TEAM,
    "GET /manage/events/{event_id}/exports/{export_id}": Action.SEE_TEAM,
    "GET /manage/events/{event_id}/exports/{export_id}/file": Action.SEE_TEAM,
    "GET /manage/events/{event_id}/desk": Action.SELL_AT_DESK,
    "POST /manage/events/{event_id}/desk": Action.SELL_AT_DESK,
    "GET /manage/events/{event_id}/messages": Action.MESSAGE_HOLDERS,
    "POST /manage/events/{event_id}/messages": Action.MESSAGE_HOLDERS,
    "GET /manage/events/{event_id}/waiting-list": Action.SEE_ORDERS,
    "POST /manage/events/{event_id}/waiting-list/{entry_id}/remove": Action.CHANGE_ORDERS,
    "POST /manage/events/{event_id}/orders/{order_id}/buyer": Action.HELP_HOLDERS,
    "POST /manage/events/{event_id}/orders/{order_id}/tickets/{ticket_id}": Action.HELP_HOLDERS,
    "POST /manage/events/{event_id}/orders/{order_id}/refunds/{refund_id}/done": Action.REFUND,
}

FORMS: Final[Mapping[str, Mapping[str, str]]] = {
    "POST /manage/events/{event_id}/exports": {"kind": "orders", "format": "csv"},
    "POST /manage/events/{event_id}/gates/scanners": {"name": "Phone"},
    "POST /manage/events/{event_id}/orders/{order_id}/buyer": {"email": "ada.obi@example.com"},
    "POST /manage/events/{event_id}/orders/{order_id}/notes": {"text": "Called"},
    "POST /manage/events/{event_id}/orders/{order_id}/refunds/{refund_id}/done": {"note": "Cash"},
    "POST /manage/events/{event_id}/orders/{order_id}/tickets/{ticket_id}": {
        "attendee_name": "Ada Obi"
    },
    "POST /manage/events/{event_id}/orders/{order_id}/refund": {"ticket-1": "on"},
    "POST /manage/events/{event_id}/orders/{order_id}/refund-money": {
        "amount": "5",
        "reason": "The bar was shut",
    },
    "POST /manage/teams/{organization_id}/invitations": {
        "email": "new@example.com",
        "role": "checker",
    },
    "POST /manage/teams/{organization_id}/members/{user_id}": {"role": "support"},
    "POST /account/two-step/begin": {"current_password": PASSWORD},
    "POST /account/two-step/off": {"current_password": PASSWORD},
    "POST /admin/do/{kind}/{row_id}/{action}": {"reason": "Asked for"},
}
"""What has to stand in a form before anybody asks who sends it; the others are sent empty."""

AS_IF_ABSENT: Final = {"GET /manage/events/{event_id}/preview"}
"""Where nothing is there for members, either, whose role does not allow it: a draft's page."""

FILLED: Final = {
    "event": "1-lagos-jazz-night",
    "token": "1.unknown",
    "link_key": "unknown",
    "code": "sold-out",
    "form": "csv",
    "action": "disable",
}
"""What stands in addresses in place of 1."""
KINDS: Final = {"/manage": "orders", "/admin": "person"}
"""What stands in them for a kind, by how they begin."""

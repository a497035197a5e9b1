"""What a person does before pressing Execute of an operation, read from the links to it."""

from typing import Any

from app.clients.security.tokens import HmacLinkTokens
from app.domain.ports import LinkSubject
from app.http.callers import Access
from app.http.strict_route import StrictRoute
from app.routers.all_routers import ROUTERS
from tests.support.fakes import START
from tests.support.outside import SECRET_KEY

SELL_OUT = "sell out"
REFUND_FAILS = "refund fails"
MAIL_FAILS = "mail fails"
DISPUTE_IS_LOST = "dispute is lost"
ANOTHER_ACCOUNT = "another account"
ACCOUNT_IN_TWO_STEPS = "another account, which signs in in two steps"
BUY = ["create_event", "buy_ticket", "verify_payment"]
WORK = "the background work is done"

CIRCUMSTANCES = {
    "create_organization": ["confirm_email"],
    "delete_event": ["create_event"],  # is not linked to: the event would be lost
    "remove_picture": ["create_event"],
    "remove_logo": ["confirm_email", "create_organization"],
    "delete_organization": ["confirm_email", "create_organization"],
    "download_export": ["create_event", "prepare_export", WORK],
    "end_session": ["log_in"],
    "join_waiting_list": ["confirm_email", "create_event", SELL_OUT],
    "send_holder_message": ["create_event", "buy_ticket", "verify_payment"],
    "retry_refund": [*BUY, REFUND_FAILS],
    "mark_refund_done": [*BUY, REFUND_FAILS],
    "retry_any_refund": [*BUY, REFUND_FAILS],
    "mark_any_refund_done": [*BUY, REFUND_FAILS],
    "show_any_order": BUY,
    "release_any_order": ["create_event", "place_order"],
    "check_payment": BUY,
    "drop_mail": [*BUY, MAIL_FAILS],
    "disable_account": [ANOTHER_ACCOUNT],
    "change_role": [ANOTHER_ACCOUNT],
    "reset_two_step": [ACCOUNT_IN_TWO_STEPS],
    "close_dispute": [*BUY, DISPUTE_IS_LOST],
}
"""Steps that no link can tell: those that bring about what does not happen in the usual order."""

LINKS = HmacLinkTokens(SECRET_KEY)
FROM_MAIL = {
    # Registering opens the first request, asking for a new password the second.
    "confirm_email": {"token": LINKS.issue(LinkSubject("account-request:confirm", 1, START))},
    "reset_password": {"token": LINKS.issue(LinkSubject("account-request:reset", 2, START))},
    "accept_invitation": {"token": LINKS.issue(LinkSubject("invitation", 1, START))},
    "decline_invitation": {"token": LINKS.issue(LinkSubject("invitation", 1, START))},
    "accept_transfer": {"token": LINKS.issue(LinkSubject("transfer", 1, START))},
}
"""The values that only the reader of a mail can know."""

ROUTES = {
    route.name: route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, StrictRoute) and route.include_in_schema
}
OPERATIONS = tuple(ROUTES)
NEEDS_ADMIN = {
    name for name, route in ROUTES.items() if route.access in (Access.ADMIN, Access.ANY_MEMBER)
}


def steps_before(described: dict[str, Any], operation_id: str) -> list[str]:
    """The operations that give this one what it is called with, in their order.

    Each is the one whose link fills in most; a list comes after what creates one of its items.
    """
    if operation_id in CIRCUMSTANCES:
        return CIRCUMSTANCES[operation_id]
    before = _operation_before(described["paths"], operation_id)
    # Everybody has an account and is logged in before the first step.
    return [*steps_before(described, before), before] if before not in (None, "register") else []


def _operation_before(paths: dict[str, Any], operation_id: str) -> str | None:
    filled_in: dict[str, int] = {}
    for operations in paths.values():
        created_by = operations.get("post", {}).get("operationId")
        for method, operation in operations.items():
            name = operation["operationId"]
            if name == operation_id and method == "get" and created_by:
                return str(created_by)
            for answer in operation["responses"].values():
                if link := answer.get("links", {}).get(operation_id):
                    filled_in[name] = len(
                        {**link.get("parameters", {}), **link.get("requestBody", {})}
                    )
    return max(filled_in, key=lambda name: filled_in[name], default=None)

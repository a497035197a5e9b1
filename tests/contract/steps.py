"""Every operation, and what a person does before pressing its Execute."""

from fastapi.routing import APIRoute

from app.clients.security.link_tokens import HmacLinkTokens
from app.domain.ports import LinkSubject
from app.routers.all_routers import ROUTERS
from tests.support.fakes import START
from tests.support.outside import SECRET_KEY

SELL_OUT = "sell out"
REFUND_FAILS = "refund fails"
IN_FRONT_OF_A_LINE = ["confirm_email", "create_event", SELL_OUT]

# What a person does before pressing Execute, beyond registering and authorizing.
STEPS_BEFORE = {
    "list_events": ["create_event"],
    "delete_ticket_type": ["create_event", "add_ticket_type"],
    "list_promo_codes": ["create_event", "create_promo_code"],
    "change_promo_code": ["create_event", "create_promo_code"],
    "delete_promo_code": ["create_event", "create_promo_code"],
    "place_order": ["create_event"],
    "list_orders": ["create_event", "place_order"],
    "show_order": ["create_event", "place_order"],
    "list_event_orders": ["create_event", "place_order"],
    "release_event_order": ["create_event", "place_order"],
    "pay_order": ["create_event", "place_order"],
    "cancel_order": ["create_event", "place_order"],
    "list_order_refunds": ["create_event", "buy_ticket", "verify_payment", "refund_order"],
    "list_refunds": ["create_event", "buy_ticket", "verify_payment", "refund_order"],
    "retry_refund": ["create_event", "buy_ticket", "verify_payment", REFUND_FAILS],
    "mark_refund_done": ["create_event", "buy_ticket", "verify_payment", REFUND_FAILS],
    "refund_order": ["create_event", "buy_ticket", "verify_payment"],
    "join_waiting_list": IN_FRONT_OF_A_LINE,
    "leave_waiting_list": [*IN_FRONT_OF_A_LINE, "join_waiting_list"],
    "list_my_waiting_list_entries": [*IN_FRONT_OF_A_LINE, "join_waiting_list"],
    "list_event_waiting_list": [*IN_FRONT_OF_A_LINE, "join_waiting_list"],
    "remove_waiting_list_entry": [*IN_FRONT_OF_A_LINE, "join_waiting_list"],
    "buy_ticket": ["create_event"],
    "verify_payment": ["create_event", "buy_ticket"],
    "show_payment": ["create_event", "buy_ticket"],
    "show_ticket": ["create_event", "buy_ticket", "verify_payment"],
    "show_ticket_details": ["create_event", "buy_ticket", "verify_payment"],
    "download_ticket_png": ["create_event", "buy_ticket", "verify_payment"],
    "download_ticket_svg": ["create_event", "buy_ticket", "verify_payment"],
    "download_ticket_pdf": ["create_event", "buy_ticket", "verify_payment"],
    "list_tickets": ["create_event", "buy_ticket", "verify_payment"],
    "end_session": ["log_in"],
    "refresh_access_token": ["log_in"],
    "log_out": ["log_in"],
    "download_apple_pass": ["create_event", "buy_ticket", "verify_payment"],
    "show_google_wallet_link": ["create_event", "buy_ticket", "verify_payment"],
}

LINKS = HmacLinkTokens(SECRET_KEY)
FROM_MAIL = {
    # Registering opens the first request, asking for a new password the second.
    "confirm_email": {"token": LINKS.issue(LinkSubject("account-request:confirm", 1, START))},
    "reset_password": {"token": LINKS.issue(LinkSubject("account-request:reset", 2, START))},
    "accept_transfer": {"token": LINKS.issue(LinkSubject("transfer", 1, START))},
}
"""The values nobody but the reader of a mail can know."""

NEEDS_ADMIN = {
    *("list_messages", "show_message", "resend_message", "list_disputes"),
    *("find_account", "change_account", "log_account_out"),
}

BOUGHT = ["create_event", "buy_ticket", "verify_payment"]
STEPS_BEFORE |= {
    "reset_password": ["request_password_reset"],
    "show_message": ["list_messages"],
    "resend_message": ["list_messages"],
    "resend_tickets": ["create_event", "buy_ticket", "verify_payment"],
    "transfer_ticket": BOUGHT,
    "list_transfers": [*BOUGHT, "transfer_ticket"],
    "accept_transfer": [*BOUGHT, "transfer_ticket"],
    "withdraw_transfer": [*BOUGHT, "transfer_ticket"],
    "reissue_ticket": BOUGHT,
    "revoke_ticket": BOUGHT,
    "restore_ticket": [*BOUGHT, "revoke_ticket"],
    "list_staff": ["create_event", "add_staff"],
    "remove_staff": ["create_event", "add_staff"],
    "list_devices": ["create_event", "create_device"],
    "revoke_device": ["create_event", "create_device"],
    "enrol_device": ["create_event", "create_device"],
    "list_check_ins": ["create_event", "scan_ticket"],
    "undo_check_in": [
        "create_event",
        "buy_ticket",
        "verify_payment",
        "list_tickets",
        "scan_ticket",
    ],
    "download_manifest": ["create_event", "buy_ticket", "verify_payment"],
    "list_scan_conflicts": ["create_event", "upload_offline_scans"],
    "show_enrolled_device": ["create_event", "create_device", "enrol_device"],
}

ROUTES = {
    route.name: route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and route.include_in_schema
}
OPERATIONS = tuple(ROUTES)


def steps_before(operation_id: str) -> list[str]:
    """The steps it was given, else creating the event its address names."""
    of_an_event = "{event_id}" in ROUTES[operation_id].path
    return STEPS_BEFORE.get(operation_id, ["create_event"] if of_an_event else [])

"""Every operation, and what a person does before pressing its Execute."""

from app.clients.security.link_tokens import HmacLinkTokens
from app.domain.ports import LinkSubject
from tests.support.fakes import START
from tests.support.outside import SECRET_KEY

SELL_OUT = "sell out"
REFUND_FAILS = "refund fails"
IN_FRONT_OF_A_LINE = ["confirm_email", "create_event", SELL_OUT]

# What a person does before pressing Execute, beyond registering and authorizing.
STEPS_BEFORE = {
    "show_event": ["create_event"],
    "list_events": ["create_event"],
    "change_event": ["create_event"],
    "delete_event": ["create_event"],
    "cancel_event": ["create_event"],
    "list_ticket_types": ["create_event"],
    "add_ticket_type": ["create_event"],
    "change_ticket_type": ["create_event"],
    "remove_ticket_type": ["create_event", "add_ticket_type"],
    "list_promo_codes": ["create_event", "create_promo_code"],
    "create_promo_code": ["create_event"],
    "change_promo_code": ["create_event", "create_promo_code"],
    "delete_promo_code": ["create_event", "create_promo_code"],
    "place_order": ["create_event"],
    "list_orders": ["create_event", "place_order"],
    "show_order": ["create_event", "place_order"],
    "list_event_orders": ["create_event", "place_order"],
    "release_event_order": ["create_event", "place_order"],
    "pay_order": ["create_event", "place_order"],
    "cancel_order": ["create_event", "place_order"],
    "list_order_refunds": ["create_event", "pay", "verify", "give_back"],
    "list_refunds": ["create_event", "pay", "verify", "give_back"],
    "retry_refund": ["create_event", "pay", "verify", REFUND_FAILS],
    "close_refund": ["create_event", "pay", "verify", REFUND_FAILS],
    "give_back": ["create_event", "pay", "verify"],
    "join_waiting_list": IN_FRONT_OF_A_LINE,
    "leave_waiting_list": [*IN_FRONT_OF_A_LINE, "join_waiting_list"],
    "list_waiting": [*IN_FRONT_OF_A_LINE, "join_waiting_list"],
    "list_event_waiting": [*IN_FRONT_OF_A_LINE, "join_waiting_list"],
    "remove_event_waiting": [*IN_FRONT_OF_A_LINE, "join_waiting_list"],
    "pay": ["create_event"],
    "verify": ["create_event", "pay"],
    "show_payment": ["create_event", "pay"],
    "show_ticket": ["create_event", "pay", "verify"],
    "show_ticket_details": ["create_event", "pay", "verify"],
    "download_ticket_png": ["create_event", "pay", "verify"],
    "download_ticket_svg": ["create_event", "pay", "verify"],
    "download_ticket_pdf": ["create_event", "pay", "verify"],
    "list_tickets": ["create_event", "pay", "verify"],
    "end_session": ["log_in"],
    "refresh": ["log_in"],
    "log_out": ["log_in"],
    "show_apple_pass": ["create_event", "pay", "verify"],
    "show_google_wallet_link": ["create_event", "pay", "verify"],
}

LINKS = HmacLinkTokens(SECRET_KEY)
FROM_MAIL = {
    # Registering opens the first request, asking for a new password the second.
    "confirm_email": {"token": LINKS.issue(LinkSubject("account-request:confirm", 1, START))},
    "set_new_password": {"token": LINKS.issue(LinkSubject("account-request:reset", 2, START))},
    "accept_transfer": {"token": LINKS.issue(LinkSubject("transfer", 1, START))},
}
"""The values nobody but the reader of a mail can know."""

NEEDS_ADMIN = {
    *("list_messages", "show_message", "resend_message", "list_disputes"),
    *("find_account", "change_account", "log_account_out"),
}

BOUGHT = ["create_event", "pay", "verify"]
STEPS_BEFORE |= {
    "set_new_password": ["request_password_reset"],
    "show_message": ["list_messages"],
    "resend_message": ["list_messages"],
    "resend_tickets": ["create_event", "pay", "verify"],
    "offer_ticket": BOUGHT,
    "list_transfers": [*BOUGHT, "offer_ticket"],
    "accept_transfer": [*BOUGHT, "offer_ticket"],
    "withdraw_transfer": [*BOUGHT, "offer_ticket"],
    "reissue_ticket": BOUGHT,
    "revoke_ticket": BOUGHT,
    "restore_ticket": [*BOUGHT, "revoke_ticket"],
    "show_calendar": ["create_event"],
    "list_staff": ["create_event", "take_on_staff"],
    "take_on_staff": ["create_event"],
    "let_staff_go": ["create_event", "take_on_staff"],
    "list_devices": ["create_event", "prepare_device"],
    "prepare_device": ["create_event"],
    "revoke_device": ["create_event", "prepare_device"],
    "enrol_scanner": ["create_event", "prepare_device"],
    "scan_ticket": ["create_event"],
    "list_check_ins": ["create_event", "scan_ticket"],
    "undo_check_in": ["create_event", "pay", "verify", "list_tickets", "scan_ticket"],
    "count_check_ins": ["create_event"],
    "watch_check_ins": ["create_event"],
    "list_attendees": ["create_event"],
    "show_manifest": ["create_event", "pay", "verify"],
    "show_revocations": ["create_event"],
    "upload_scans": ["create_event"],
    "list_conflicts": ["create_event", "upload_scans"],
    "show_scanner": ["create_event", "prepare_device", "enrol_scanner"],
}
OPERATIONS = (
    *("register", "log_in", "refresh", "log_out", "show_me", "change_me", "change_password"),
    *("list_sessions", "end_session", "end_other_sessions", "export_my_data", "delete_me"),
    *("list_events", "create_event", "show_event", "change_event", "delete_event"),
    *("pay", "verify", "show_payment", "webhook", "list_tickets", "show_ticket"),
    *("show_ticket_details", "download_ticket_png", "download_ticket_svg", "download_ticket_pdf"),
    *("cancel_event", "list_ticket_types", "add_ticket_type", "change_ticket_type"),
    *("remove_ticket_type", "list_promo_codes", "create_promo_code"),
    *("change_promo_code", "delete_promo_code"),
    *("place_order", "list_orders", "show_order", "pay_order", "cancel_order", "give_back"),
    *("join_waiting_list", "list_waiting", "leave_waiting_list"),
    *("list_order_refunds", "list_refunds", "retry_refund", "close_refund"),
    *("list_event_orders", "release_event_order"),
    *("list_event_waiting", "remove_event_waiting"),
    *("find_account", "change_account", "log_account_out"),
    "show_keys",
    *("live", "ready"),
    *("request_password_reset", "set_new_password", "send_email_confirmation", "confirm_email"),
    *("list_messages", "show_message", "resend_message", "resend_tickets", "list_disputes"),
    *("show_apple_pass", "show_google_wallet_link"),
    *("offer_ticket", "list_transfers", "accept_transfer", "withdraw_transfer"),
    *("reissue_ticket", "revoke_ticket", "restore_ticket", "show_calendar"),
    *("list_staff", "take_on_staff", "let_staff_go"),
    *("list_devices", "prepare_device", "revoke_device", "enrol_scanner", "show_scanner"),
    *("scan_ticket", "list_check_ins", "undo_check_in", "count_check_ins", "watch_check_ins"),
    "list_attendees",
    *("show_manifest", "show_revocations", "upload_scans", "list_conflicts"),
)

"""What is done in the background, and in which lane."""

from app.services.events.announcements import AnnouncementService
from app.services.operations.clean_up import CleanUpService
from app.services.operations.mail_delivery import MailDeliveryService
from app.services.operations.work import Lane, WorkService
from app.services.orders.holds import HoldService
from app.services.orders.waiting import WaitingService
from app.services.payments.refund_requests import RefundRequestService
from app.services.payments.refunds import RefundService
from app.services.payments.webhooks import WebhookService
from app.services.tickets.transfers import TransferService


def build_work(
    *,
    webhooks: WebhookService,
    holds: HoldService,
    refunds: RefundService,
    refund_requests: RefundRequestService,
    waiting: WaitingService,
    announcements: AnnouncementService,
    transfers: TransferService,
    clean_up: CleanUpService,
    mails: MailDeliveryService,
) -> WorkService:
    """The jobs of each lane, in the order in which they take their turns."""
    provider = (
        ("webhooks", webhooks.act_on_due),
        ("payments", holds.ask_about_payments),
        ("holds", holds.expire),
        ("refunds", refunds.advance_due),
    )
    database = (
        ("cancelled holds", holds.end_cancelled),
        ("disabled offers", holds.end_disabled_offers),
        ("unopened holds", holds.expire_unopened),
        ("ended waits", waiting.end_impossible),
        ("waiting lists", waiting.offer_due),
        ("cancelled events", refund_requests.refund_cancelled),
        ("reminders", announcements.remind_due),
        ("announcements", announcements.tell_due),
        ("transfers", transfers.expire),
        ("clean-up", clean_up.run),
    )
    mail = (("messages", mails.send_due),)
    return WorkService(
        lanes=(Lane("provider", provider), Lane("database", database), Lane("mail", mail))
    )

"""Who writes which mail, and sends it."""

import sys
from collections.abc import Mapping

from app.config import Settings, own_address
from app.domain.states import OutboxKind
from app.services.mails.accounts import AccountMails
from app.services.mails.announcements import AnnouncementMails
from app.services.mails.orders import OrderMails
from app.services.mails.organizations import OrganizationMails
from app.services.mails.tickets import TicketMails
from app.services.mails.writing import Compose, MailWriter
from app.services.operations.mail_delivery import MailDeliveryService
from app.services.operations.mail_limits import MailBudget
from app.wiring.adapters import Adapters


def mail_delivery_service(outside: Adapters, settings: Settings) -> MailDeliveryService:
    return MailDeliveryService(
        database=outside.database,
        clock=outside.clock,
        mailer=outside.mailer,
        composers=composers(outside, settings),
        budget=MailBudget(settings.mails_per_address),
    )


def composers(outside: Adapters, settings: Settings) -> Mapping[OutboxKind, Compose]:
    writer = MailWriter(
        templates=outside.mail_templates,
        links=outside.links,
        public_url=settings.public_url or own_address(sys.argv[1:]),
        default_language=settings.default_language,
    )
    orders = OrderMails(writer=writer)
    tickets = TicketMails(writer=writer, signer=outside.signer, qr=outside.qr)
    accounts = AccountMails(writer=writer, clock=outside.clock)
    announcements = AnnouncementMails(writer=writer)
    organizations = OrganizationMails(writer=writer)
    return {
        OutboxKind.TICKETS_ISSUED: tickets.issued,
        OutboxKind.PAYMENT_RETURNED: orders.payment_returned,
        OutboxKind.TICKETS_REFUNDED: orders.tickets_refunded,
        OutboxKind.MONEY_REFUNDED: orders.money_refunded,
        OutboxKind.REFUND_STUCK: orders.refund_stuck,
        OutboxKind.REFUND_DELAYED: orders.refund_delayed,
        OutboxKind.PAYMENT_DISPUTED: orders.payment_disputed,
        OutboxKind.ORDER_MOVED: orders.order_moved,
        OutboxKind.PLACES_OFFERED: orders.places_offered,
        OutboxKind.WAIT_ASKED: orders.wait_asked,
        OutboxKind.WAIT_ENDED: orders.wait_ended,
        OutboxKind.PAYMENT_FAILED: orders.payment_failed,
        OutboxKind.EVENT_CHANGED: announcements.event_changed,
        OutboxKind.EVENT_CANCELLED: announcements.event_cancelled,
        OutboxKind.EVENT_REMINDER: announcements.event_reminder,
        OutboxKind.EVENT_MESSAGE: announcements.event_message,
        OutboxKind.PASSWORD_RESET: accounts.with_link,
        OutboxKind.SIGN_IN_LINK: accounts.with_link,
        OutboxKind.TWO_STEP_ON: accounts.about_two_step,
        OutboxKind.TWO_STEP_OFF: accounts.about_two_step,
        OutboxKind.EMAIL_CONFIRMATION: accounts.with_link,
        OutboxKind.EMAIL_CHANGE_ASKED: accounts.with_link,
        OutboxKind.TICKET_REISSUED: tickets.reissued,
        OutboxKind.TRANSFER_OFFERED: tickets.offered,
        OutboxKind.TRANSFER_ACCEPTED: tickets.accepted,
        OutboxKind.ORGANIZATION_INVITATION: organizations.invitation,
        OutboxKind.EXPORT_DONE: organizations.export_done,
    }

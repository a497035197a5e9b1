"""What every mail is made with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.languages import Language
from app.domain.listings import TicketListing
from app.domain.looks import OrganizationLook
from app.domain.ports import (
    Attachment,
    LinkTokens,
    Mail,
    MailBudgetName,
    MailSender,
    MailTemplates,
)
from app.domain.states import OrderKind, OutboxKind
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork

TO_ORGANIZERS: Final = frozenset(
    {OutboxKind.REFUND_STUCK, OutboxKind.PAYMENT_DISPUTED, OutboxKind.EXPORT_DONE}
)
"""Mails about an event that do not go to its buyers."""

LOGO_WIDTH, LOGO_HEIGHT = 160, 64
"""The most pixels that a logo takes in a mail."""

Compose = Callable[[UnitOfWork, OutboxMessage], Mail | None]
"""Writes the mail a message of the outbox stands for, from what the database says now.

``None`` when there is nothing left to tell: the message is dropped.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWriter:
    """Puts values into a mail's words. ``public_url`` is where its links lead, without a slash.

    Moments are given in the zone they are read in, and money as it is: templates write them down.
    """

    templates: MailTemplates
    links: LinkTokens
    public_url: str
    default_language: Language

    def write(
        self,
        work: UnitOfWork,
        message: OutboxMessage,
        *,
        to: str,
        language: Language | None,
        name: str | None = None,
        attachments: Sequence[Attachment] = (),
        budget: MailBudgetName | None = MailBudgetName.GENERAL,
        **values: object,
    ) -> Mail:
        """The mail for a message, under a key that is the same for each try to send it.

        Mails to buyers about an event come in the name of its organization, and answers go there.

        ``language``: what the receiver reads; ``None``: as the shop does. ``name``: how the mail is
        called; ``None``: as the message's kind.
        """
        event_id = None if message.kind in TO_ORGANIZERS else message.event_id
        about = work.organizations.mail_look(event_id) if event_id else None
        text = self.templates.render(
            name or message.kind.replace("-", "_"),
            language=language or self.default_language,
            sender=sender_of(about.look, self.public_url) if about else None,
            **values,
        )
        again = f"-{message.resends}" if message.resends else ""
        return Mail(
            key=f"outbox-{message.id}{again}",
            to=to,
            subject=text.subject,
            text=text.text,
            html=text.html,
            attachments=attachments,
            sender_name=about.look.name if about else None,
            reply_to=about.answers_to if about else None,
            budget=budget,
        )

    def write_to(
        self,
        work: UnitOfWork,
        message: OutboxMessage,
        user: User,
        order: Order | None = None,
        **values: Any,
    ) -> Mail:
        """As ``write``, to an account or a guest; ``order``: what the mail is about."""
        language = reads(user, order)
        return self.write(work, message, to=user.email, language=language, **values)

    def ticket_link(self, ticket: TicketListing) -> str:
        """The address of the ticket's page; anyone who has it has the ticket."""
        return f"{self.public_url}/t/{ticket.link_key}"

    def order_link(self, order: Order) -> str:
        """The address of the order's page, for who reads mail at its buyer's address."""
        return f"{self.public_url}/o/{self.links.issue(order.link_subject)}"


def sender_of(look: OrganizationLook, public_url: str) -> MailSender:
    """For whom a mail is sent. Its logo is shown where pages of the shop can be read safely."""
    if look.logo is None or not public_url.startswith("https://"):
        return MailSender(look.name, look.contact_email)
    width, height = look.logo.width, look.logo.height
    scale = min(LOGO_WIDTH / width, LOGO_HEIGHT / height, 1)
    return MailSender(
        look.name,
        look.contact_email,
        logo_url=f"{public_url}/pictures/{look.logo.largest.name}",
        logo_width=max(round(width * scale), 1),
        logo_height=max(round(height * scale), 1),
    )


def budget_of(order: Order, *, is_free: bool) -> MailBudgetName | None:
    """The budget of mail about an order: none if Paystack has seen money of its buyer.

    Cash that an organizer says to have is no proof that the buyer wants to hear of it; nor is an
    address that was typed anew.
    """
    is_proven = order.kind == OrderKind.ONLINE and not is_free and order.moved_at is None
    return None if is_proven else MailBudgetName.GENERAL


def called(user: User, order: Order | None = None) -> str:
    """The name a mail begins with; ``order``: what the mail is about, which may have its own."""
    return (order and order.buyer_name) or user.full_name or user.username


def reads(user: User, order: Order | None = None) -> Language | None:
    """What the receiver of a mail reads; ``order``: what the mail is about, as for ``called``."""
    return (order and order.language) or user.language

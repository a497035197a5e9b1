"""Mail, and its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.domain.languages import Language


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail."""

    name: str
    media_type: str
    content: bytes
    content_id: str | None = None
    """Set when the mail's HTML shows the file itself, as ``cid:…``."""


class MailBudgetName(StrEnum):
    """Mails of one sort, of which each address gets so many a day."""

    GENERAL = "mailbox"
    CONFIRMATIONS = "confirmations"
    """Mails of free tickets and offers keep no new account's link away."""
    CHANGES = "event-changes"
    """Mails about moved and cancelled events have a count of their own: an organizer who issues
    tickets to a stranger's address cannot fill that mailbox by changing events."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person; ``key`` is stable over retries and becomes its Message-ID."""

    key: str
    to: str
    subject: str
    text: str
    html: str | None = None
    attachments: Sequence[Attachment] = ()
    sender_name: str | None = None
    """Whose name stands before the shop's as the sender; ``None``: the shop's alone."""
    reply_to: str | None = None
    """Where answers go; ``None``: to the shop's own sender."""
    budget: MailBudgetName | None = MailBudgetName.GENERAL
    """The budget of its address that it counts against; ``None``: it always goes out. So does mail
    about money that Paystack has seen, and mail without which people would lose an account."""


class Mailer(Protocol):
    """Delivers mail."""

    def send(self, mail: Mail) -> None:
        """Hand the mail over.

        Raises:
            MailRejected: it will never be accepted.
            MailerUnavailable: it may be accepted later.
        """
        ...


@dataclass(frozen=True, slots=True)
class MailSender:
    """The organization in whose name a mail is sent, as its words tell; pixels of the logo."""

    name: str
    contact_email: str | None
    logo_url: str | None = None
    logo_width: int = 0
    logo_height: int = 0


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail's words, as plain text and as HTML."""

    subject: str
    text: str
    html: str


class MailTemplates(Protocol):
    """Puts values into the words of a mail."""

    def render(
        self, name: str, *, language: Language, sender: MailSender | None = None, **values: object
    ) -> MailText:
        """The mail called ``name`` in a language, with these values; HTML is escaped.

        ``sender``: in whose name it is sent; ``None``: in the shop's own.
        """
        ...

"""What the shop needs from the outside, not who provides it. Everything here is built in wiring."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.money import Money


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment: aware, UTC."""
        ...


class IdGenerator(Protocol):
    """Makes up names nobody can guess, and chance."""

    def payment_reference(self) -> str:
        """A new reference, unique for ever, made of what Paystack takes: letters, digits, ``-``."""
        ...

    def ticket_code(self) -> str:
        """A new secret of at least 128 bits, the content of a ticket's QR code."""
        ...

    def token(self) -> str:
        """A new URL-safe secret of 256 bits."""
        ...

    def request_id(self) -> str:
        """A name for one request, for logs and support."""
        ...

    def jitter(self) -> float:
        """A number between 0 and 1, for spreading retries."""
        ...


class PasswordHasher(Protocol):
    """Stores passwords so that they cannot be read back.

    Slow on purpose: call it outside transactions.
    """

    def hash(self, password: str) -> str:
        """The salted hash to store.

        Raises:
            Busy: too many passwords are being checked at once.
        """
        ...

    def verify(self, password: str, hashed: str | None) -> bool:
        """Tell whether the password is the one.

        ``None`` takes as long and says no, so that the time of an answer does not tell whether
        an account exists.

        Raises:
            Busy: too many passwords are being checked at once.
        """
        ...


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says."""

    user_id: int
    session_id: int


class AccessTokens(Protocol):
    """Signs and reads the short-lived tokens callers carry."""

    def issue(self, claims: AccessClaims, *, now: datetime) -> str:
        """A signed token that ends after the configured life."""
        ...

    def read(self, token: str, *, now: datetime) -> AccessClaims:
        """The claims of a token that is whole, ours and alive.

        Raises:
            NotLoggedIn: anything at all is wrong with it.
        """
        ...

    @property
    def lifetime(self) -> timedelta:
        """How long an access token lives."""
        ...


class ChargeStatus(StrEnum):
    """How a charge stands at the provider."""

    PAID = "paid"
    FAILED = "failed"
    """The last attempt was declined. The buyer may still pay the same charge at the provider."""
    OPEN = "open"
    """The buyer has not finished, or the provider has not."""
    REVERSED = "reversed"
    """It was paid and the money went back, or is going back."""
    UNKNOWN = "unknown"
    """The provider has never heard of the reference."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A page where the buyer pays."""

    authorization_url: str
    access_code: str


@dataclass(frozen=True, slots=True)
class ChargeReport:
    """What the provider says about a reference. ``amount`` is what was really charged."""

    status: ChargeStatus
    reference: str
    amount: Money | None = None
    transaction_id: str | None = None
    fee_minor: int | None = None
    paid_at: datetime | None = None
    reason: str = ""


class RefundStatus(StrEnum):
    """How a refund stands at the provider."""

    PENDING = "pending"
    PROCESSING = "processing"
    PROCESSED = "processed"
    NEEDS_ATTENTION = "needs-attention"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundReport:
    """What the provider says about one refund."""

    id: str
    status: RefundStatus
    amount: Money
    note: str = ""
    """The merchant's note, in which our own refund id travels."""


class PaymentGateway(Protocol):
    """Takes money from buyers and gives it back.

    Every method raises ``PaymentGatewayUnavailable`` when the provider failed, took longer than
    the time budget, is fenced off by the breaker, or too many calls are in flight. Then nothing is
    known about the outcome. Never call it inside a transaction.
    """

    def start_charge(
        self,
        *,
        reference: str,
        amount: Money,
        email: str,
        callback_url: str,
        cancel_url: str,
        description: str,
    ) -> Charge:
        """Open a charge under our own ``reference``; a reference works only once.

        Raises:
            ChargeRefused: the provider understood and said no.
            PaymentGatewayUnavailable: see the class.
        """
        ...

    def find_charge(self, reference: str) -> ChargeReport:
        """What became of a charge; a reference the provider does not know is ``UNKNOWN``.

        Raises:
            PaymentGatewayUnavailable: see the class.
        """
        ...

    def list_charges(self, *, since: datetime | None) -> Iterator[ChargeReport]:
        """Every charge opened ``since`` then (``None``: ever), each once, the newest first."""
        ...

    def refund(
        self, *, reference: str, transaction_id: str, amount: Money, note: str
    ) -> RefundReport:
        """Give ``amount`` of a paid charge back, once for each ``note``.

        The provider has no guard of its own, so its list of refunds is read first and the one
        with this note is returned.

        Raises:
            RefundRefused: the provider understood and said no.
            PaymentGatewayUnavailable: see the class.
        """
        ...

    def find_refund(self, refund_id: str) -> RefundReport:
        """How a refund stands."""
        ...

    def is_signed(self, body: bytes, signature: str | None) -> bool:
        """Tell whether a webhook's raw body carries the provider's signature."""
        ...


class GatewayFence(Protocol):
    """What the health page tells about the fence around the provider."""

    @property
    def breaker_state(self) -> str:
        """``closed``, ``open`` or ``half-open``."""
        ...

    @property
    def calls_in_flight(self) -> int:
        """Calls to the provider that wait for an answer now."""
        ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail."""

    name: str
    media_type: str
    content: bytes
    content_id: str | None = None
    """Set when the mail's HTML shows the file itself, as ``cid:…``."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person; ``key`` is stable over retries and becomes its Message-ID."""

    key: str
    to: str
    subject: str
    text: str
    html: str | None = None
    attachments: Sequence[Attachment] = ()


class Mailer(Protocol):
    """Delivers mail."""

    def send(self, mail: Mail) -> None:
        """Hand the mail over.

        Raises:
            MailRejected: it will never be accepted.
            MailerUnavailable: it may be accepted later.
        """
        ...


class QrPainter(Protocol):
    """Draws QR codes."""

    def png(self, text: str) -> bytes:
        """A black-and-white PNG with the quiet zone a scanner needs."""
        ...


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail's words, as plain text and as HTML."""

    subject: str
    text: str
    html: str


class MailTemplates(Protocol):
    """Puts values into the words of a mail."""

    def render(self, name: str, **values: object) -> MailText:
        """The mail called ``name`` with these values; HTML is escaped."""
        ...


class WorkSignal(Protocol):
    """Tells the background work that something is due now, so that it need not wait its turn."""

    def wake(self) -> None:
        """Wake the worker of this process, if there is one."""
        ...

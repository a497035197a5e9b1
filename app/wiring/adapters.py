"""The world outside: real adapters, as the settings describe them."""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.clients.calendars import IcsCalendars
from app.clients.machine import RandomIds, SystemClock, WakeUp
from app.clients.mail.mail_templates import JinjaMailTemplates
from app.clients.mail.mailer import FileMailer, SmtpMailer
from app.clients.paystack.bulkhead import Breaker, Bulkhead
from app.clients.paystack.gateway import PaystackGateway, open_http
from app.clients.pictures.qr import QrCodes
from app.clients.pictures.ticket_pdf import PdfTickets
from app.clients.pictures.uploads import PillowDrawer
from app.clients.security.manifest_box import CodeLockedBoxes
from app.clients.security.passwords import Argon2Hasher
from app.clients.security.secret_box import AesSecretBox
from app.clients.security.ticket_keys import Ed25519TicketSigner
from app.clients.security.tokens import HmacLinkTokens, JwtAccessTokens
from app.config import ConfigurationError, Settings, demo_secret, sealed_text
from app.database.postgresql import Limits
from app.domain.ports import (
    AccessTokens,
    ApplePasses,
    CalendarWriter,
    Clock,
    GatewayBulkhead,
    GoogleWallet,
    IdGenerator,
    LinkTokens,
    Mailer,
    MailTemplates,
    ManifestBoxes,
    PasswordHasher,
    PaymentGateway,
    PictureDrawer,
    PictureStore,
    PrivateFiles,
    QrPainter,
    SecretBox,
    TicketPrinter,
    TicketSigner,
)
from app.repositories.database import Database
from app.wiring.storage import picture_store, private_files
from app.wiring.wallets import apple_passes, google_wallet

QUEUE_FOR_PAYSTACK: Final = timedelta(seconds=2)
MAIL_TIME_LIMIT: Final = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """Everything outside the process, real or fake."""

    database: Database
    clock: Clock
    ids: IdGenerator
    gateway: PaymentGateway
    bulkhead: GatewayBulkhead
    mailer: Mailer
    mail_templates: MailTemplates
    hasher: PasswordHasher
    tokens: AccessTokens
    links: LinkTokens
    secrets: SecretBox
    signer: TicketSigner
    qr: QrPainter
    pages: TicketPrinter
    apple_passes: ApplePasses | None = None
    google_wallet: GoogleWallet | None = None
    calendars: CalendarWriter
    boxes: ManifestBoxes
    picture_drawer: PictureDrawer
    picture_store: PictureStore
    files: PrivateFiles
    signal: WakeUp


@contextmanager
def refusing_unwritable() -> Iterator[None]:
    """Say in a sentence what of the machine the shop cannot write to, if it is built in here.

    Raises:
        ConfigurationError: it is so.
    """
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename} cannot be written: {error.strerror}. Let VAR_DIR and DATABASE_URL "
            "name places that can."
        ) from error


def paystack_key(settings: Settings) -> str:
    """The configured key, or in the demo one of this laptop's own."""
    if settings.paystack_secret_key is not None:
        return settings.paystack_secret_key.get_secret_value()
    return demo_secret(settings.var_dir, "paystack_key", prefix="sk_test_")


def signing_key(settings: Settings) -> str:
    """What access tokens are signed with."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    return demo_secret(settings.var_dir, "secret_key")


def ticket_keys(settings: Settings) -> str:
    """What ticket codes are signed with, as written in the setting ``TICKET_KEYS``.

    Raises:
        ConfigurationError: the file with the keys is missing, or others may read it.
    """
    if settings.ticket_keys is not None:
        return settings.ticket_keys.get_secret_value()
    if settings.ticket_keys_file is not None:
        return sealed_text(settings.ticket_keys_file)
    return demo_secret(settings.var_dir, "ticket_key")


def gateway_to_paystack(
    settings: Settings, clock: Clock, *, simulator_url: str | None
) -> tuple[GatewayBulkhead, PaymentGateway]:
    """What calls Paystack, or this simulator in its place, and what keeps it from being flooded."""
    bulkhead = Bulkhead(
        breaker=Breaker(
            name="paystack",
            opens_after=settings.paystack_failures_to_open,
            reset_after=settings.paystack_rest,
        ),
        max_in_flight=settings.paystack_calls_at_once,
        queue_for=QUEUE_FOR_PAYSTACK,
        budget=settings.paystack_budget,
    )
    http = open_http(
        simulator_url or settings.paystack_url,
        max_in_flight=settings.paystack_calls_at_once,
        by_proxy=simulator_url is None,
    )
    gateway = PaystackGateway(
        http=http, bulkhead=bulkhead, secret_key=paystack_key(settings), clock=clock
    )
    # Its connections end with it: no thread is left that would close them.
    weakref.finalize(gateway, http.close)
    return bulkhead, gateway


def real_adapters(settings: Settings, *, simulator_url: str | None = None) -> Adapters:
    """The world outside, as the settings describe it; with this simulator in Paystack's place."""
    clock, ids = SystemClock(), RandomIds()
    bulkhead, gateway = gateway_to_paystack(settings, clock, simulator_url=simulator_url)
    return Adapters(
        database=open_database(settings),
        clock=clock,
        ids=ids,
        gateway=gateway,
        bulkhead=bulkhead,
        mailer=_mailer(settings, clock),
        mail_templates=JinjaMailTemplates(),
        hasher=Argon2Hasher(),
        tokens=JwtAccessTokens(
            keys=[signing_key(settings)], lifetime=settings.access_token_life, ids=ids
        ),
        links=HmacLinkTokens(signing_key(settings)),
        secrets=AesSecretBox(signing_key(settings)),
        signer=ticket_signer(settings),
        qr=QrCodes(),
        pages=PdfTickets(),
        apple_passes=apple_passes(settings),
        google_wallet=google_wallet(settings),
        calendars=IcsCalendars(),
        boxes=CodeLockedBoxes(),
        picture_drawer=PillowDrawer(),
        picture_store=picture_store(settings, clock),
        files=private_files(settings, clock),
        signal=WakeUp(),
    )


def open_database(settings: Settings) -> Database:
    return Database(
        settings.database,
        pool_size=settings.database_pool_size,
        wait=settings.database_wait,
        limits=Limits(
            statement=settings.database_statement_limit,
            idle=settings.database_idle_limit,
            answer=settings.database_answer_limit,
        ),
        prepare=bool(settings.database_prepare),
    )


def ticket_signer(settings: Settings) -> Ed25519TicketSigner:
    """What signs tickets, with the keys of the settings.

    Raises:
        ConfigurationError: they are no keys.
    """
    try:
        return Ed25519TicketSigner(ticket_keys(settings))
    except ValueError as error:
        raise ConfigurationError(f"TICKET_KEYS: {error}") from None


def _mailer(settings: Settings, clock: Clock) -> Mailer:
    if settings.smtp_url is None:
        return FileMailer(settings.var_dir / "mail", clock=clock, sender=settings.mail_sender)
    return SmtpMailer(
        settings.smtp_url.get_secret_value(), settings.mail_sender, MAIL_TIME_LIMIT, clock=clock
    )

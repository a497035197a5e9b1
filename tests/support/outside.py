"""The world outside, as the tests have it: a real database, and fakes for all far away."""

from datetime import timedelta
from functools import cache

from app.clients.calendars import IcsCalendars
from app.clients.machine import RandomIds, WakeUp
from app.clients.mail.mail_templates import JinjaMailTemplates
from app.clients.pictures.qr import QrCodes
from app.clients.pictures.ticket_pdf import PdfTickets
from app.clients.pictures.uploads import PillowDrawer
from app.clients.security.manifest_box import CodeLockedBoxes
from app.clients.security.secret_box import AesSecretBox
from app.clients.security.tokens import HmacLinkTokens, JwtAccessTokens
from app.clients.wallets.apple_pass import SignedApplePasses
from app.clients.wallets.google_wallet import SignedGoogleWallet
from app.repositories.database import Database
from app.wiring.adapters import Adapters
from tests.steps.wallets import ISSUER, apple_identity, service_account
from tests.support.codes import SIGNER
from tests.support.fakes import (
    FakeClock,
    FakeFiles,
    FakeGateway,
    FakeHasher,
    FakeMailer,
    FakePictures,
)

MAIL_TEMPLATES = JinjaMailTemplates()
"""One for all tests: to read the templates of a mail takes longer than most of them."""

SECRET_KEY = "a-secret-key-for-tests-of-enough-length"


@cache
def _google_wallet() -> SignedGoogleWallet:
    """One for all tests: checking its key takes longer than most of them."""
    return SignedGoogleWallet(service_account(), issuer=ISSUER)


def outside_of(
    database: Database, *, clock: FakeClock, gateway: FakeGateway, mailer: FakeMailer
) -> Adapters:
    """Everything a shop on this database sees of the world."""
    ids = RandomIds()
    return Adapters(
        database=database,
        clock=clock,
        ids=ids,
        gateway=gateway,
        bulkhead=gateway,
        mailer=mailer,
        mail_templates=MAIL_TEMPLATES,
        hasher=FakeHasher(),
        tokens=JwtAccessTokens(keys=[SECRET_KEY], lifetime=timedelta(minutes=30), ids=ids),
        links=HmacLinkTokens(SECRET_KEY),
        secrets=AesSecretBox(SECRET_KEY),
        signer=SIGNER,
        qr=QrCodes(),
        pages=PdfTickets(),
        apple_passes=SignedApplePasses(apple_identity()),
        google_wallet=_google_wallet(),
        calendars=IcsCalendars(),
        boxes=CodeLockedBoxes(),
        picture_drawer=PillowDrawer(),
        picture_store=FakePictures(),
        files=FakeFiles(),
        signal=WakeUp(),
    )

"""The world outside, as the tests have it: a real database, and fakes for all far away."""

from datetime import timedelta
from functools import cache

from app.clients.apple_pass import SignedApplePasses
from app.clients.calendars import IcsCalendars
from app.clients.google_wallet import SignedGoogleWallet
from app.clients.ids import RandomIds
from app.clients.link_tokens import HmacLinkTokens
from app.clients.mail_templates import JinjaMailTemplates
from app.clients.manifest_box import CodeLockedBoxes
from app.clients.qr import QrCodes
from app.clients.ticket_pdf import PdfTickets
from app.clients.tokens import JwtAccessTokens
from app.repositories.database import Database
from app.services.worker import WakeUp
from app.wiring.adapters import Adapters
from tests.codes import SIGNER
from tests.fakes import FakeClock, FakeGateway, FakeHasher, FakeMailer
from tests.wallets import ISSUER, apple_identity, service_account

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
        fence=gateway,
        mailer=mailer,
        mail_templates=JinjaMailTemplates(),
        hasher=FakeHasher(),
        tokens=JwtAccessTokens(keys=[SECRET_KEY], lifetime=timedelta(minutes=30), ids=ids),
        links=HmacLinkTokens(SECRET_KEY),
        signer=SIGNER,
        qr=QrCodes(),
        pages=PdfTickets(),
        apple_passes=SignedApplePasses(apple_identity()),
        google_wallet=_google_wallet(),
        calendars=IcsCalendars(),
        boxes=CodeLockedBoxes(),
        signal=WakeUp(),
    )

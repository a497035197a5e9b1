"""What tests of exports do before, and how they read the files."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import insert

from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.organizers.exports import BYTE_ORDER_MARK, ExportFormat, ExportKind
from app.domain.payments.ledger import Account
from app.domain.ports import PrivateFiles
from app.domain.states import DiscountKind
from app.http.services import Services
from app.models.organizers.export_jobs import ExportJob
from app.models.payments.ledger import LedgerEntry
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.promo_codes import NewPromoCode
from app.services.organizers.export_jobs import ExportJobService
from app.wiring.adapters import Adapters
from tests.support.factories import Factory
from tests.support.fakes import START

KEEP: Final = timedelta(days=7)


def rows_in(pieces: Iterator[bytes]) -> list[dict[str, str]]:
    """The rows as a program reads them."""
    text = b"".join(pieces).decode()
    assert text.startswith(BYTE_ORDER_MARK)
    assert text.count("\n") == text.count("\r\n")
    lines = io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")
    return list(csv.DictReader(lines, strict=True))


def sell(services: Services, make: Factory, organizer: User, event: EventListing) -> None:
    """Three orders, of which one has a promo code and one is refunded in part."""
    services.promo_codes.create(
        event_id=event.id,
        organizer=organizer,
        new=NewPromoCode(code="HALF", kind=DiscountKind.PERCENT, value=Decimal(50)),
    )
    bought = make.buy(make.user(), event.id, quantity=3)
    buyer = make.user()
    order = make.order(buyer, event.id, quantity=2, promo_code="HALF")
    services.settlement.settle(make.pay_order(buyer, order).payment.reference)
    make.buy(make.user(), event.id)
    services.refund_requests.request_refund(
        order_id=bought.order.id, caller=organizer, ticket_ids=[bought.tickets[0].id]
    )
    make.work()


def many_lines(database: Database, event: EventListing) -> None:
    """A ledger of 20,000 lines."""
    line = {"currency": "NGN", "event_id": event.id, "at": START, "amount_minor": -250_000}
    lines = [
        {**line, "posting": f"sale:payment:{number}", "account": Account.SALES}
        for number in range(20_000)
    ]
    with database.engine.begin() as connection:
        connection.execute(insert(LedgerEntry), lines)


def ask(
    services: Services,
    event_id: EventId,
    member: User,
    *,
    kind: ExportKind = ExportKind.ORDERS,
    form: ExportFormat = ExportFormat.CSV,
) -> ExportJob:
    return services.export_jobs.request(event_id=event_id, organizer=member, kind=kind, form=form)


def show(services: Services, job: ExportJob, member: User) -> ExportJob:
    return services.export_jobs.get(export_id=job.id, member=member)


def jobs_on(outside: Adapters, files: PrivateFiles, *, rows_at_once: int = 1) -> ExportJobService:
    """The same service with other files, and a row in each piece."""
    return ExportJobService(
        database=outside.database,
        clock=outside.clock,
        files=files,
        signal=outside.signal,
        keep=KEEP,
        rest=timedelta(0),
        rows_at_once=rows_at_once,
    )

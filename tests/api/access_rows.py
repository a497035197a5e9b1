"""One row of each kind, for the addresses and bodies of what test_access.py tries."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from typing import Any

from app.domain.organizers.exports import ExportFormat, ExportKind
from app.domain.permissions import OrganizationRole
from app.domain.states import DiscountKind
from app.http.services import Services
from app.http.uploads import MULTIPART
from app.models.users.users import User
from app.repositories.database import Database
from app.services.checkin.scans import Scan
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.api.access import BODIES, PATHS, QUERIES
from tests.api.described_operations import IN_PATH, Operation
from tests.steps.organizations import Band
from tests.steps.selling import BoxOffice
from tests.support.factories import PASSWORD, Factory
from tests.support.pictures import photo

Rows = dict[str, int | str]
"""Their ids, each by the name it has in a path, or in tests/api/access.py."""


def make_rows(services: Services, make: Factory, *, organizer: User, ada: User) -> Rows:
    """Make what Ada buys at the organizer's events, and what belongs to these."""
    event = make.event(organizer=organizer, refund_hours=24)
    unsold = make.event(organizer=organizer)
    full = make.event(organizer=organizer, capacity=1)
    bought = make.buy(ada, event.id)
    spare = services.ticket_types.add(
        event_id=event.id, organizer=organizer, new=NewTicketType(name="Spare", price=Decimal(0))
    )
    promo = services.promo_codes.create(
        event_id=event.id,
        organizer=organizer,
        new=NewPromoCode(code="SPARE", kind=DiscountKind.PERCENT, value=Decimal(10)),
    )
    pending = services.orders.place(buyer=ada, order_request=make.order_request(full.id))
    full_type = full.ticket_types[0].id
    wait = services.waiting.join(user=ada, event_id=full.id, ticket_type_id=full_type, quantity=1)
    sold_out = make.event(organizer=organizer, capacity=1)
    make.order(ada, sold_out.id)
    handed = make.buy(ada, event.id, quantity=2).tickets
    transfer = services.transfers.offer(ticket_id=handed[0].id, giver=ada, email="chi@example.com")
    revoked = handed[1].id
    services.reissues.revoke(ticket_id=revoked, organizer=organizer, reason="Sold on at the gate")
    staff = services.staff.take_on(event_id=event.id, organizer=organizer, name="staff")
    device = services.devices.prepare(
        event_id=event.id, organizer=organizer, name="Phone", gate=None, url_of=str
    )
    code = services.tickets.code(
        services.tickets.get(ticket_id=make.buy(ada, event.id).tickets[0].id, user_id=ada.id)
    )
    entry = services.check_ins.scan(
        event_id=event.id,
        actor=organizer.actor,
        scan=Scan(scan_id="an entry", code=code),
    )
    refund = services.refund_requests.request_refund(
        order_id=make.buy(ada, event.id).order.id, caller=organizer
    )
    band = Band(services, make)
    band.join(ada, OrganizationRole.SUPPORT)
    helped = make.event(organizer=band.owner, organization_id=band.id)
    export = services.export_jobs.request(
        event_id=helped.id, organizer=ada, kind=ExportKind.ORDERS, form=ExportFormat.CSV
    )
    services.export_jobs.write_due()
    guest_order = BoxOffice(services, organizer, event.id).sell()
    services.sessions.log_in(name="ada", password=PASSWORD)
    session, *_ = services.sessions.page(user_id=ada.id, after=None, limit=1).items
    return {
        "organization_id": event.organization_id,
        "organizer": organizer.id,
        "invitation_id": 1,
        "export_id": export.id,
        "session_id": session.id,
        "refund_id": refund.id,
        "check_in_id": entry.check_in.id,
        "user_id": staff.user_id,
        "device_id": device.device.id,
        "transfer_id": transfer.id,
        "message_id": 1,
        "dispute_id": 1,
        "payment_id": bought.payment.id,
        "order_id": bought.order.id,
        "pending": pending.order.id,
        "guest_order": guest_order.order.id,
        "ticket_type_id": event.ticket_types[0].id,
        "spare_type": spare.id,
        "promo_code_id": promo.id,
        "event_id": event.id,
        "full": full.id,
        "entry_id": wait.entry.id,
        "sold_out": sold_out.id,
        "sold_out_type": sold_out.ticket_types[0].id,
        "unsold": unsold.id,
        "reference": bought.payment.reference,
        "ticket_id": bought.tickets[0].id,
        "revoked_ticket": revoked,
    }


def address_of(operation: Operation, rows: Rows) -> str:
    instead = PATHS.get(str(operation), {})

    def filling(name: str) -> str:
        row = instead.get(name, name)
        assert row in rows, f"make a row {row!r} in `make_rows` of tests/api/access_rows.py"
        return str(rows[row])

    return IN_PATH.sub(lambda hole: filling(hole.group(1)), operation.template)


def sent_with(operation: Operation, rows: Rows) -> dict[str, Any]:
    """What a call of the operation carries, as arguments of httpx."""
    if operation.media_type == MULTIPART:
        return {"files": {"image": photo(300, 300)}}
    return {"json": _body_of(operation, rows)}


def _body_of(operation: Operation, rows: Rows) -> Any:
    if not operation.body:
        return None
    body = BODIES.get(str(operation), operation.example)
    return {
        name: rows.get(value, value) if isinstance(value, str) else value
        for name, value in body.items()
    }


def query_of(operation: Operation) -> dict[str, str]:
    return QUERIES.get(str(operation), {})


@contextmanager
def kept(database: Database) -> Iterator[Callable[[], None]]:
    """What puts everything in the database back as it is now."""
    path = database.engine.url.database or ""
    with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(":memory:")) as copy:
        live.backup(copy)
        yield lambda: copy.backup(live)

"""What the auditor asks about rows that repeat the event of what they belong to."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Select, Table, literal, select

from app.domain.states import OutboxKind
from app.models import Base
from app.models.events.announcements import Announcement
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order
from app.models.orders.waiting import WaitingEntry
from app.models.organizers.export_jobs import ExportJob
from app.models.payments.disputes import Dispute
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.models.tickets.transfers import TicketTransfer
from app.repositories.base import Repository, table_of
from app.repositories.operations.outbox import ABOUT_REQUESTS, ABOUT_TWO_STEP

SUBJECTS: Final[Mapping[type[Base], tuple[OutboxKind, ...]]] = {
    Order: (OutboxKind.TICKETS_ISSUED, OutboxKind.ORDER_MOVED, OutboxKind.PLACES_OFFERED),
    Payment: (OutboxKind.PAYMENT_FAILED,),
    Refund: (
        OutboxKind.PAYMENT_RETURNED,
        OutboxKind.TICKETS_REFUNDED,
        OutboxKind.MONEY_REFUNDED,
        OutboxKind.REFUND_STUCK,
        OutboxKind.REFUND_DELAYED,
    ),
    Dispute: (OutboxKind.PAYMENT_DISPUTED,),
    WaitingEntry: (OutboxKind.WAIT_ASKED, OutboxKind.WAIT_ENDED),
    Ticket: (OutboxKind.TICKET_REISSUED,),
    TicketTransfer: (OutboxKind.TRANSFER_OFFERED, OutboxKind.TRANSFER_ACCEPTED),
    ExportJob: (OutboxKind.EXPORT_DONE,),
    Announcement: (
        OutboxKind.EVENT_CHANGED,
        OutboxKind.EVENT_CANCELLED,
        OutboxKind.EVENT_REMINDER,
        OutboxKind.EVENT_MESSAGE,
    ),
}
"""What messages of an event are about, by kind."""

OF_NO_EVENT: Final = (*ABOUT_REQUESTS, *ABOUT_TWO_STEP, OutboxKind.ORGANIZATION_INVITATION)

M: Final = table_of(OutboxMessage).c

Question = Select[*tuple[Any, ...]]


def event_tables() -> dict[str, Table]:
    """Tables whose rows name their event, by name."""
    return {name: table for name, table in Base.metadata.tables.items() if "event_id" in table.c}


def _of_rows() -> Iterator[Question]:
    """For each reference from one table of events to another."""
    for table in event_tables().values():
        for reference in table.foreign_keys:
            other = reference.column.table
            if "event_id" in other.c:
                yield (
                    select(
                        literal(f"{table.name}.{reference.parent.name}").label("of_what"),
                        reference.parent.label("refers_to"),
                        table.c.event_id.label("event"),
                        other.c.event_id.label("other_event"),
                    )
                    .join_from(table, other, reference.column == reference.parent)
                    .where(table.c.event_id != other.c.event_id)
                )


def _of_messages() -> Iterator[Question]:
    message = (
        literal("outbox_messages.subject_id").label("of_what"),
        M.id.label("message"),
        M.kind,
        M.event_id.label("event"),
    )
    for model, kinds in SUBJECTS.items():
        subject = table_of(model).c
        yield (
            select(*message, subject.event_id.label("other_event"))
            .join(table_of(model), subject.id == M.subject_id)
            .where(M.kind.in_(kinds), M.event_id.is_distinct_from(subject.event_id))
        )
    yield select(*message).where(M.kind.in_(OF_NO_EVENT), M.event_id.is_not(None))


QUESTIONS: Final = (*_of_rows(), *_of_messages())


class EventAuditRepository(Repository):
    """The auditor's questions about rows that repeat an event."""

    def findings(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every row that breaks I15: the rule, what is wrong, the row."""
        for question in QUESTIONS:
            for row in self._run(question):
                yield "I15", "a row names another event than what it belongs to", dict(row._mapping)

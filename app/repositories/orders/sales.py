from app.domain.states import OrderStatus, OutboxKind, PaymentStatus
from app.repositories.base import Repository, show
from app.repositories.operations.outbox import OutboxRepository
from app.repositories.orders.moving import Moved, step_of
from app.repositories.orders.orders import OrderRepository
from app.repositories.orders.selling import SELL, Sale, selling
from app.repositories.payments.ledger import LedgerRepository
from app.repositories.payments.payments import PaymentRepository
from app.repositories.tickets.tickets import TicketRepository


class SaleRepository(Repository):
    def record(self, sale: Sale) -> Moved:
        """Write the sale of a locked order down: its status and history, tickets, mail and books.

        Raises:
            IntegrityError: part of it was written before.
            ValueError: the order was not locked, and somebody moved it.
        """
        moved = self._one_by_one(sale) if self._is_sqlite else self._at_once(sale)
        if moved is None:
            raise ValueError("the order was not locked")
        return moved

    def _one_by_one(self, sale: Sale) -> Moved | None:
        order, charge = sale.order, sale.charge
        moved = OrderRepository(self._transaction).move(
            order, from_=order.status, to=OrderStatus.PAID, actor=sale.actor, now=sale.at
        )
        TicketRepository(self._transaction).issue(sale.tickets)
        OutboxRepository(self._transaction).promise(
            OutboxKind.TICKETS_ISSUED, order.id, now=sale.at
        )
        if charge is not None:
            PaymentRepository(self._transaction).settle(
                charge.payment,
                to=PaymentStatus.SUCCEEDED,
                now=sale.at,
                transaction_id=charge.transaction_id,
                fee_minor=charge.fee_minor,
                surplus_minor=charge.surplus_minor,
            )
        LedgerRepository(self._transaction).post(
            sale.posting,
            sale.lines,
            currency=order.currency,
            event_id=order.event_id,
            now=sale.at,
        )
        return moved

    def _at_once(self, sale: Sale) -> Moved | None:
        order = sale.order
        step = step_of(
            order, from_=order.status, to=OrderStatus.PAID, actor=sale.actor, now=sale.at
        )
        rows = self._run(SELL, **selling(sale, step)).all()
        if not rows:
            return None
        show(order, status=step.to_status, closed_at=step.at)
        for ticket, row in zip(sale.tickets, rows, strict=True):
            show(ticket, id=row[0])
        if sale.charge is not None:
            show(sale.charge.payment, **sale.settled)
        return Moved(*rows[0][1:])

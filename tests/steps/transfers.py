"""A ticket and people to hand it to, for tests of what happens to it then."""

from dataclasses import dataclass

from app.domain.checkin.doors import Verdict
from app.domain.errors import TicketOutOfUse
from app.domain.ids import TicketId, TransferId
from app.domain.tickets.ticket_states import TicketState
from app.http.services import Services
from app.models.tickets.tickets import Ticket
from app.models.tickets.transfers import TicketTransfer
from app.models.users.users import User
from app.repositories.database import Database
from app.services.checkin.scans import Scan
from app.services.payments.settlement import Settlement
from app.wiring.adapters import Adapters

CHI = "chi@example.com"


@dataclass(frozen=True)
class HandOver:
    """What Ada bought, and what she does with her first ticket."""

    services: Services
    outside: Adapters
    organizer: User
    ada: User
    bought: Settlement

    @property
    def ticket_id(self) -> TicketId:
        return self.bought.tickets[0].id

    def offer(self, email: str = CHI, name: str | None = None) -> TicketTransfer:
        return self.services.transfers.offer(
            ticket_id=self.ticket_id, giver=self.ada, email=email, name=name
        )

    def token(self, transfer: TicketTransfer) -> str:
        """The secret that only the reader of the mail has."""
        return self.outside.links.issue(transfer.link_subject)

    def accept(self, transfer: TicketTransfer) -> Ticket:
        return self.services.transfers.accept(token=self.token(transfer))[1]

    def refund(self) -> None:
        """The organizer takes the ticket back."""
        self.services.refund_requests.request_refund(
            order_id=self.bought.order.id,
            caller=self.organizer,
            ticket_ids=[self.ticket_id],
            reason="seats broken",
        )

    def state_of(self, transfer_id: TransferId) -> str:
        with self._database.reading() as work:
            return work.transfers.get(transfer_id).state

    def ticket(self) -> Ticket:
        """As the database has it."""
        with self._database.reading() as work:
            return work.tickets.get(self.ticket_id)

    def use(self) -> None:
        """A person comes in with the code that Ada got.

        Raises:
            TicketOutOfUse: the door refuses it.
        """
        scanned = self.services.check_ins.scan(
            event_id=self.bought.order.event_id,
            actor=self.organizer.actor,
            scan=Scan(scan_id=f"ticket {self.ticket_id}", code=self.bought.tickets[0].code),
        )
        if scanned.check_in.verdict == Verdict.REFUSED:
            raise TicketOutOfUse(self.ticket_id, TicketState.USED)

    @property
    def _database(self) -> Database:
        return self.outside.database

"""An organizer who refunds, and a provider that does not."""

from datetime import timedelta

from app.domain.errors import RefundRefused
from app.domain.ids import RefundId
from app.domain.money import Money
from app.domain.ports import RefundStatus
from app.domain.states import RefundState
from app.http.services import Services
from app.models.users.users import User
from app.repositories.payments.refund_listings import RefundListing
from app.services.payments.settlement import Settlement
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway

POOR = RefundRefused("TCK", "Your balance is not enough")


def send_failed_again(services: Services, organizer: User) -> None:
    """Have each refund of the organizer's events that failed sent once more."""
    failed = services.refund_desk.page(
        caller=organizer, event_id=None, state=RefundState.FAILED, after=None, limit=100
    )
    for listing in failed.items:
        services.refund_desk.retry(caller=organizer, refund_id=listing.refund.id)


class Desk:
    """What one organizer does about the refund of one ticket."""

    def __init__(
        self,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        organizer: User,
        bought: Settlement,
    ) -> None:
        self.make, self.gateway, self.clock = make, gateway, clock
        self.services, self.organizer, self.bought = make.services, organizer, bought

    def refund(self) -> RefundId:
        """Give one ticket back, and have the provider asked for it."""
        refund = self.services.refund_requests.request_refund(
            order_id=self.bought.order.id,
            caller=self.organizer,
            ticket_ids=[self.bought.tickets[0].id],
        )
        self.make.work()
        return refund.id

    def refuse(self) -> RefundId:
        """As ``refund``, while the provider makes no refunds."""
        self.gateway.before_refund = self._say_no
        try:
            return self.refund()
        finally:
            self.gateway.before_refund = None

    def end(self, status: RefundStatus) -> None:
        """Have the provider's newest refund end so, and look at it."""
        self.gateway.end_refund(list(self.gateway.refunds)[-1], status)
        self.later()

    def later(self) -> None:
        self.clock.advance(timedelta(minutes=1))
        self.make.work()

    def seen(self) -> RefundListing:
        (listing,) = self.services.refund_desk.of_order(
            caller=self.organizer, order_id=self.bought.order.id
        )
        return listing

    def state(self) -> RefundState:
        return self.seen().refund.state

    @staticmethod
    def _say_no() -> None:
        raise POOR

    def by_hand(self, *, minor: int = 250_000) -> None:
        """Refund so much on the provider's dashboard."""
        payment = self.bought.payment
        self.gateway.refund(
            reference=payment.reference,
            transaction_id=payment.transaction_id or "",
            amount=Money(minor, payment.currency),
            note="Refund by ops@example.com",
        )
        self.gateway.end_refund(list(self.gateway.refunds)[-1], RefundStatus.PROCESSED)

    def hear_of_it(self) -> None:
        """Have the provider tell of a refund."""
        reference = self.bought.payment.reference
        body = f'{{"event":"refund.processed","data":{{"transaction_reference":"{reference}"}}}}'
        self.services.webhooks.receive(body=body.encode(), signature="signed")
        self.later()

"""What machines of random sales do about money that goes back."""

from contextlib import suppress
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from app.domain.errors import TicketingError
from app.domain.ids import OrderId
from app.domain.ports import RefundStatus
from app.http.services import Services
from app.models.users.users import User
from tests.services.refunds.refund_steps import lose_dispute, refund_money
from tests.steps.desks import send_failed_again
from tests.support.fakes import FakeGateway

NUMBERS = st.integers(min_value=0, max_value=50)  # which order or charge, round and round


class RefundRules(RuleBasedStateMachine):
    """Refunds by ticket, of money alone, and how they end; banks that take money back."""

    services: Services
    gateway: FakeGateway
    organizer: User
    buyers: list[User]
    orders: list[tuple[int, OrderId]]

    @precondition(lambda self: self.orders)
    @rule(number=NUMBERS, how_many=st.integers(0, 3))
    def refund(self, number: int, how_many: int) -> None:
        buyer, order_id = self.order_of(number)
        detail = self.services.orders.get(buyer_id=self.buyers[buyer].id, order_id=order_id)
        self.attempt(
            self.services.refund_requests.request_refund,
            order_id=order_id,
            caller=self.organizer,
            ticket_ids=[ticket.id for ticket in detail.tickets[:how_many]] or None,
            reason="asked for",
        )

    @precondition(lambda self: self.orders)
    @rule(number=NUMBERS, minor=st.sampled_from([1, 99_999, 250_000, 400_001]))
    def refund_money(self, number: int, minor: int) -> None:
        """The tickets stay valid."""
        _, order_id = self.order_of(number)
        self.attempt(refund_money, self.services, self.organizer, order_id, minor)

    @precondition(lambda self: self.gateway.charges)
    @rule(number=NUMBERS, minor=st.sampled_from([None, 1, 300_000]))
    def lose_dispute(self, number: int, minor: int | None) -> None:
        """A bank takes a part of a payment back, or all."""
        lose_dispute(self.services, self.reference_of(number), minor)

    @precondition(lambda self: self.gateway.refunds)
    @rule(number=NUMBERS, status=st.sampled_from([RefundStatus.PROCESSED, RefundStatus.FAILED]))
    def end_refund(self, number: int, status: RefundStatus) -> None:
        refund_id = list(self.gateway.refunds)[number % len(self.gateway.refunds)]
        if self.gateway.refunds[refund_id].status == RefundStatus.PENDING:
            self.gateway.end_refund(refund_id, status)

    @rule()
    def send_failed_refunds_again(self) -> None:
        self.attempt(send_failed_again, self.services, self.organizer)

    def order_of(self, number: int) -> tuple[int, OrderId]:
        return self.orders[number % len(self.orders)]

    def reference_of(self, number: int) -> str:
        return list(self.gateway.charges)[number % len(self.gateway.charges)]

    @staticmethod
    def attempt(act: Any, *values: Any, **named: Any) -> None:
        """Do it, or be refused: both are fine."""
        with suppress(TicketingError):
            act(*values, **named)

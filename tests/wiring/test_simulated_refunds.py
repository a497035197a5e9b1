"""The simulator's refunds and its webhooks about them, as the shop hears and follows them."""

from datetime import timedelta

from app.domain.states import RefundState
from tests.support.simulated import KEY, Sale, SimulatedShop

STEP = timedelta(seconds=0.5)
"""What the simulator takes for each step of a refund."""

BANK = {"currency": "NGN", "account_number": "1234567890", "bank_id": "9"}


class TestWebhooks:
    def test_move_a_refund_through_its_states(self, simulated: SimulatedShop) -> None:
        sale = Sale.to(simulated, "ada")
        sale.refund()

        states = [sale.refund_state]
        for _ in range(2):
            simulated.move_on(STEP)
            states.append(sale.refund_state)

        assert states == [RefundState.PENDING, RefundState.PENDING, RefundState.PROCESSED]
        assert simulated.webhooks.names == [
            "charge.success",
            "refund.pending",
            "refund.processing",
            "refund.processed",
        ]

    def test_tell_of_a_refund_that_failed(self, simulated: SimulatedShop) -> None:
        sale = Sale.to(simulated, "refund-failed")
        sale.refund()

        for _ in range(2):
            simulated.move_on(STEP)

        assert sale.refund_state == RefundState.FAILED
        assert simulated.webhooks.names[-1] == "refund.failed"
        assert ["wants a person" in found for found in simulated.violations()] == [True]
        sale.pay_by_hand()

    def test_tell_of_a_refund_that_wants_bank_details_and_then_is_done(
        self, simulated: SimulatedShop
    ) -> None:
        sale = Sale.to(simulated, "refund-needs-attention")
        sale.refund()
        for _ in range(2):
            simulated.move_on(STEP)
        state = sale.refund_state

        answer = simulated.http.post(
            f"/refund/retry_with_customer_details/{sale.refunded.refund.provider_id}",
            json={"refund_account_details": BANK},
            headers={"authorization": f"Bearer {KEY}"},
        )
        assert answer.status_code == 200
        for _ in range(2):
            simulated.move_on(STEP)

        assert (state, sale.refund_state) == (RefundState.NEEDS_ATTENTION, RefundState.PROCESSED)
        assert simulated.webhooks.names[-3:] == [
            "refund.needs-attention",
            "refund.processing",
            "refund.processed",
        ]

    def test_are_all_that_is_needed_to_know_the_end_at_once(self, simulated: SimulatedShop) -> None:
        """The other tests would prove nothing if the shop asked every second without being told."""
        sale = Sale.to(simulated, "ada")
        sale.refund()
        simulated.webhooks.are_lost = True

        for _ in range(2):
            simulated.move_on(STEP)

        assert sale.refund_state == RefundState.PENDING

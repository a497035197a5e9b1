from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from app.domain.ids import PaymentId
from app.domain.states import OrderStatus, PaymentStatus
from app.repositories.database import Database
from tests.factories import Factory
from tests.fakes import START
from tests.racing import until

BEHIND_A_LOCK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def somebody_waits(database: Database) -> bool:
    """Whether a writer stands behind another one."""
    if database.is_sqlite:
        return database._turns._others.waiting == 1
    with database.connection() as connection:
        return bool(connection.execute(text(BEHIND_A_LOCK)).scalar_one())


class TestLockWithOrder:
    def test_shows_what_was_done_while_it_waited(self, make: Factory, database: Database) -> None:
        opened = make.pay(make.user(), make.event().id)

        with ThreadPoolExecutor() as pool:
            with database.unit_of_work() as work:
                payment, order = work.payments.lock_with_order(opened.payment.id)
                second = pool.submit(self.look, database, opened.payment.id)
                until(lambda: somebody_waits(database))
                assert work.payments.fail(payment, reason="declined", ask_at=None)
                assert work.orders.move(
                    order,
                    from_=OrderStatus.PENDING,
                    to=OrderStatus.EXPIRED,
                    actor="clock",
                    now=START,
                )

            assert second.result() == (PaymentStatus.FAILED, OrderStatus.EXPIRED, 1)

    def test_waits_for_the_order_before_it_locks_the_payment(
        self, make: Factory, database: Database
    ) -> None:
        opened = make.pay(make.user(), make.event().id)

        with ThreadPoolExecutor() as pool:
            with database.unit_of_work() as work:
                work.orders.lock(opened.order.id)
                second = pool.submit(self.look, database, opened.payment.id)
                until(lambda: somebody_waits(database))
                # Were the payment locked already, each would wait for the other.
                assert work.payments.fail(opened.payment, reason="declined", ask_at=None)

            assert second.result() == (PaymentStatus.FAILED, OrderStatus.PENDING, 1)

    @staticmethod
    def look(database: Database, payment_id: PaymentId) -> tuple[PaymentStatus, OrderStatus, int]:
        with database.unit_of_work() as work:
            payment, order = work.payments.lock_with_order(payment_id)
            return payment.status, order.status, len(order.items)

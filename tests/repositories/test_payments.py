from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine

from app.database.migrations import migrate
from app.domain.states import OrderStatus, PaymentStatus
from app.repositories.database import Database
from app.repositories.payments.payments import WITH_ITEMS
from app.services.payments.settlement import Settlement
from tests.programs.postgres_server import connect, fresh_database
from tests.support.factories import Factory
from tests.support.fakes import START
from tests.support.racing import until, writers_waiting

NUMBERING = create_engine("postgresql+psycopg://", paramstyle="numeric_dollar")
"""Writes parameters as PostgreSQL itself does."""


class TestLockWithOrder:
    def test_shows_what_was_done_while_it_waited(self, make: Factory, database: Database) -> None:
        opened = make.pay(make.user(), make.event().id)

        with ThreadPoolExecutor() as pool:
            with database.writing() as work:
                located = work.payments.locate(opened.payment.reference)
                payment, order = work.payments.lock_with_order(located)
                second = pool.submit(self.look, database, opened)
                until(lambda: writers_waiting(database) == 1)
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
            with database.writing() as work:
                work.orders.lock(opened.order.id)
                second = pool.submit(self.look, database, opened)
                until(lambda: writers_waiting(database) == 1)
                # Were the payment locked already, each would wait for the other.
                assert work.payments.fail(opened.payment, reason="declined", ask_at=None)

            assert second.result() == (PaymentStatus.FAILED, OrderStatus.PENDING, 1)

    @pytest.mark.postgresql
    def test_looks_up_each_table_by_itself_in_a_shop_that_was_empty(self, postgres: str) -> None:
        asked = WITH_ITEMS.compile(NUMBERING)
        with fresh_database(postgres, "young") as url:
            migrate(Database(url))
            with connect(url) as admin:
                admin.autocommit = True
                admin.execute("VACUUM ANALYZE")
                # A generic plan, as a prepared statement soon has: it is kept while tables grow.
                rows = admin.execute(f"EXPLAIN (GENERIC_PLAN) {asked}".encode()).fetchall()

        plan = "\n".join(line for (line,) in rows)
        assert "Nested Loop" in plan
        assert "Join Filter" not in plan, plan

    @staticmethod
    def look(database: Database, opened: Settlement) -> tuple[PaymentStatus, OrderStatus, int]:
        with database.writing() as work:
            located = work.payments.locate(opened.payment.reference)
            payment, order = work.payments.lock_with_order(located)
            return payment.status, order.status, len(order.items)

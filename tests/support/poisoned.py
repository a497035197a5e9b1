"""Items of background jobs that fail, and what is seen of it."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text
from structlog.testing import capture_logs

from app.domain.money import Money
from app.domain.ports import ChargeReport, Mail, RefundReport
from app.http.services import Services
from app.repositories.database import Database
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer

LATER = timedelta(hours=1)

SQLITE = """
CREATE TRIGGER poisoned BEFORE UPDATE ON {table} WHEN OLD.id = {row_id}
BEGIN SELECT RAISE(ABORT, 'poisoned'); END
"""
POSTGRESQL = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING ERRCODE = '23514'; END $$;
CREATE TRIGGER poisoned BEFORE UPDATE ON {table} FOR EACH ROW WHEN (OLD.id = {row_id})
EXECUTE FUNCTION refuse()
"""


@dataclass
class PickyGateway(FakeGateway):
    """A provider about some of whose charges our own code makes a mistake."""

    poisoned: set[str] = field(default_factory=set)

    def find_charge(self, reference: str, *, patient: bool = False) -> ChargeReport:
        self._ensure_good(reference)
        return super().find_charge(reference, patient=patient)

    def refund(
        self, *, reference: str, transaction_id: str, amount: Money, note: str
    ) -> RefundReport:
        self._ensure_good(reference)
        return super().refund(
            reference=reference, transaction_id=transaction_id, amount=amount, note=note
        )

    def _ensure_good(self, reference: str) -> None:
        if reference in self.poisoned:
            raise OverflowError(reference)


class PickyMailer(FakeMailer):
    """A mailer that makes a mistake with some addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.poisoned: set[str] = set()

    def send(self, mail: Mail) -> None:
        if mail.to in self.poisoned:
            raise UnicodeError(mail.to)
        super().send(mail)


class Poison:
    """Makes each change of one row fail, until it is lifted."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = ""

    def __call__(self, table: str, row_id: int) -> None:
        trigger = SQLITE if self._database.is_sqlite else POSTGRESQL
        self._run(trigger.format(table=table, row_id=row_id))
        self._table = table

    def lift(self) -> None:
        on = "" if self._database.is_sqlite else f" ON {self._table}"
        self._run(f"DROP TRIGGER poisoned{on}")

    def _run(self, statement: str) -> None:
        with self._database.engine.begin() as connection:
            connection.execute(text(statement))


class Jobs:
    """The background jobs, each run by its name, and what is known of their failures."""

    def __init__(self, services: Services, clock: FakeClock) -> None:
        self._services, self._clock = services, clock

    def run(self, name: str) -> list[str]:
        """Do what is due; gives the events logged about items."""
        job = dict(self._services.work.jobs)[name]
        with capture_logs() as logs:
            while job():
                pass
        return [line["event"] for line in logs if line["event"].startswith("item")]

    def ensure_put_off(self, name: str) -> None:
        """The failure was logged once, is counted, and is not tried again before its time."""
        assert self.failed == 1
        assert self.run(name) == []
        self._clock.advance(timedelta(minutes=10))
        assert self.run(name) == []
        assert self.failed == 1

    def ensure_healed(self, name: str) -> None:
        self._clock.advance(LATER)
        assert self.run(name) == ["item works again"]
        assert self.failed == 0

    @property
    def failed(self) -> int:
        return self._services.health.readiness().failed_items

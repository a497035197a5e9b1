"""Small real objects that stand in for the world outside."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from app.domain.errors import FilesUnavailable, PaymentGatewayUnavailable
from app.domain.money import Money
from app.domain.ports import (
    ChargeReport,
    ChargeStatus,
    Mail,
    RefundReport,
    RefundStatus,
    UnreadableCharge,
)
from app.domain.ports.payments import MoneyBack, ProviderLedger

START = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


class FakeFiles:
    """A folder in memory; every file was written at ``written_at``."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.written_at = START

    def save(self, name: str, pieces: Iterable[bytes]) -> int:
        self.content[name] = b"".join(pieces)
        return len(self.content[name])

    def load(self, name: str) -> Iterator[bytes]:
        if name not in self.content:
            raise FilesUnavailable
        return iter([self.content[name]])

    def delete(self, name: str) -> None:
        self.content.pop(name, None)

    def names(self, *, before: datetime) -> Iterator[str]:
        return iter(list(self.content) if self.written_at < before else [])


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by


class FakeHasher:
    """A password hasher that is quick and hides nothing."""

    meanwhile: Callable[[], object] | None = None
    """What others do, once, while a password is being verified."""
    hashed = 0
    """How many passwords were hashed, to be kept or to be verified."""

    def hash(self, password: str) -> str:
        self.hashed += 1
        return f"hashed:{password}"

    def verify(self, password: str, hashed: str | None) -> bool:
        self.hashed += 1
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return hashed == f"hashed:{password}"


class FakeMailer:
    """A mailer that keeps what it is given, or fails as told."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.failure: Exception | None = None
        self.before_send: Callable[[], None] | None = None

    def send(self, mail: Mail) -> None:
        if self.before_send is not None:
            self.before_send()
        if self.failure is not None:
            raise self.failure
        self.sent.append(mail)

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self.sent if mail.to == address]


class FakePictures:
    """Keeps the files of pictures in memory, or fails as told."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.failure: Exception | None = None
        self.after_save: Callable[[], None] | None = None

    def save(self, name: str, content: bytes) -> None:
        self._fail_if_told()
        self.files[name] = content
        if self.after_save is not None:
            self.after_save()

    def load(self, name: str) -> bytes | None:
        self._fail_if_told()
        return self.files.get(name)

    def delete(self, name: str) -> None:
        self._fail_if_told()
        self.files.pop(name, None)

    def _fail_if_told(self) -> None:
        if self.failure is not None:
            raise self.failure


class Killed(BaseException):
    """The process dies here: nothing in it may notice."""


@dataclass
class FakeCharge:
    """A charge at the fake provider."""

    report: ChargeReport
    email: str
    callback_url: str
    cancel_url: str
    opened_at: datetime = START


@dataclass
class FakeGateway:
    """A payment provider whose buyers do what the test says; by default they pay at once.

    ``failure`` is raised by every call, before (``answers_lost=False``) or after it took effect.
    While answers are lost, its list of refunds is read all the same.
    """

    pays_at_once: bool = True
    failure: BaseException | None = None
    answers_lost: bool = False
    fee_minor: int = 10_000
    charges: dict[str, FakeCharge] = field(default_factory=dict)
    refunds: dict[str, RefundReport] = field(default_factory=dict)
    refunded: dict[str, str] = field(default_factory=dict)
    """The reference of the charge each refund gives back from."""
    unreadable: list[UnreadableCharge] = field(default_factory=list)
    """Rows of its list that cannot be read."""
    asked: list[str] = field(default_factory=list)
    before_start: Callable[[], None] | None = None
    before_find: Callable[[], object] | None = None
    before_refund: Callable[[], None] | None = None
    after_list: Callable[[], None] | None = None
    keeps_note: Callable[[str], str] = str
    """What becomes of the merchant's note in its books."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    breaker_state = "closed"
    calls_in_flight = 0

    def start_charge(
        self,
        *,
        reference: str,
        amount: Money,
        email: str,
        callback_url: str,
        cancel_url: str,
        description: str,
    ) -> str:
        self._fail_unless(self.answers_lost)
        if self.before_start is not None:
            self.before_start()
        report = ChargeReport(
            status=ChargeStatus.OPEN,
            reference=reference,
            amount=amount,
            transaction_id=str(5_000_000 + len(self.charges)),
        )
        self.charges[reference] = FakeCharge(report, email, callback_url, cancel_url)
        if self.pays_at_once:
            self.pay(reference)
        self._fail_unless(False)
        return f"https://checkout.test/{reference}"

    def find_charge(self, reference: str, *, patient: bool = False) -> ChargeReport:
        self._fail_unless(False)
        if self.before_find is not None:
            self.before_find()
        with self._lock:
            self.asked.append(reference)
        charge = self.charges.get(reference)
        if charge is None:
            return ChargeReport(status=ChargeStatus.UNKNOWN, reference=reference)
        return charge.report

    def list_charges(self, *, since: datetime | None) -> Iterator[ChargeReport | UnreadableCharge]:
        self._fail_unless(False)
        yield from self.unreadable
        for charge in reversed(self.charges.values()):
            if since is None or charge.opened_at >= since:
                yield charge.report

    def list_refunds(self, *, reference: str, transaction_id: str) -> list[RefundReport]:
        self._fail_unless(self.answers_lost)
        with self._lock:
            listed = [
                report
                for refund_id, report in self.refunds.items()
                if self.refunded[refund_id] == reference
            ]
        if self.after_list is not None:
            self.after_list()
        return listed

    def refund(
        self, *, reference: str, transaction_id: str, amount: Money, note: str
    ) -> RefundReport:
        self._fail_unless(self.answers_lost)
        if self.before_refund is not None:
            self.before_refund()
        with self._lock:
            refund_id = str(900 + len(self.refunds))
            report = RefundReport(refund_id, RefundStatus.PENDING, amount, self.keeps_note(note))
            self.refunds[refund_id] = report
            self.refunded[refund_id] = reference
        self._fail_unless(False)
        return report

    def find_refund(self, refund_id: str) -> RefundReport:
        self._fail_unless(False)
        return self.refunds[refund_id]

    def is_signed(self, body: bytes, signature: str | None) -> bool:
        return signature == "signed"

    def ledger(self) -> ProviderLedger:
        """Its books, for the auditor."""
        return ProviderLedger(
            [charge.report for charge in self.charges.values()],
            [
                MoneyBack(self.refunded[refund_id], report.amount, report.status, report.note)
                for refund_id, report in self.refunds.items()
            ],
        )

    def pay(self, reference: str, amount: Money | None = None) -> None:
        """Let the buyer pay, by default what was asked."""
        report = self.charges[reference].report
        self._set(
            reference,
            status=ChargeStatus.PAID,
            amount=amount or report.amount,
            fee_minor=self.fee_minor,
            paid_at=START,
        )

    def decline(self, reference: str, reason: str = "Declined") -> None:
        self._set(reference, status=ChargeStatus.FAILED, reason=reason)

    def reverse(self, reference: str) -> None:
        self._set(reference, status=ChargeStatus.REVERSED)

    def end_refund(self, refund_id: str, status: RefundStatus) -> None:
        self.refunds[refund_id] = replace(self.refunds[refund_id], status=status)

    def go_down(self) -> None:
        self.failure = PaymentGatewayUnavailable()

    def come_back(self) -> None:
        self.failure = None

    def _set(self, reference: str, **values: object) -> None:
        charge = self.charges[reference]
        charge.report = replace(charge.report, **values)  # type: ignore[arg-type]  # the report's fields

    def _fail_unless(self, takes_effect: bool) -> None:
        if self.failure is not None and not takes_effect:
            raise self.failure

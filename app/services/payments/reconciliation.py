"""Reconciliation: our payments beside the provider's own list of charges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from app.domain.money import Money
from app.domain.payments.payments import BookedPayment
from app.domain.ports import ChargeReport, ChargeStatus, Clock, PaymentGateway, UnreadableCharge
from app.domain.states import SETTLED_PAYMENTS, PaymentStatus
from app.repositories.database import Database

ON_ITS_WAY_FOR: Final = timedelta(minutes=10)
"""How long after it was paid a charge may be unsettled here: webhook and questions take a while."""

BATCH: Final = 100

SETTLE_IT: Final = (
    "open /payments/callback?reference={reference} on the shop's address: it asks Paystack and "
    "settles the payment; `python -m app.cli work` does so too while the payment is young"
)
LOOK_FOR_IT: Final = (
    "look it up on Paystack's dashboard: it belongs to something else that uses this account, or "
    "was begun after the backup this database was restored from; then refund it there"
)
COMPARE_IT: Final = "compare both on Paystack's dashboard; a settled payment is never changed here"
LOOK_AT_IT: Final = (
    "look it up on Paystack's dashboard and compare it by hand; all other payments were compared"
)
ASK_WHY: Final = (
    "find out on Paystack's dashboard whether it was refunded there or charged back; the tickets "
    "of order {order_id} are still valid until its organizer takes them back"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something Paystack and we do not agree on, and what helps."""

    reference: str
    wrong: str
    help: str

    def __str__(self) -> str:
        return f"{self.reference}: {self.wrong}"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of comparing so many payments."""

    compared: int
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationService:
    """Compares; settles and changes nothing."""

    database: Database
    clock: Clock
    gateway: PaymentGateway

    def compare(self, *, since: datetime | None = None) -> Reconciliation:
        """Compare what was begun ``since`` then, or ever, while the shop goes on selling.

        Raises:
            PaymentGatewayUnavailable: Paystack's list could not be read to its end.
        """
        # Read before Paystack's list: what is settled now, the list must show as paid.
        with self.database.reading() as work:
            missing = dict.fromkeys(work.booked_payments.settled_since(since))
        compared, differences = 0, list[Difference]()
        for rows in _in_batches(self.gateway.list_charges(since=since)):
            compared += len(rows)
            differences += [_unreadable(row) for row in rows if isinstance(row, UnreadableCharge)]
            differences += self._compared([row for row in rows if isinstance(row, ChargeReport)])
            for row in rows:
                missing.pop(row.reference, None)
        for reference in missing:
            # The list may leave it out only because the two clocks differ.
            compared += 1
            report = self.gateway.find_charge(reference, patient=True)
            differences += self._compared([report])
        return Reconciliation(compared, differences)

    def _compared(self, reports: Sequence[ChargeReport]) -> list[Difference]:
        now = self.clock.now()
        with self.database.reading() as work:
            booked = work.booked_payments.booked([report.reference for report in reports])
        return [
            Difference(
                report.reference,
                wrong,
                help_.format(reference=report.reference, order_id=ours and ours.order_id),
            )
            for report in reports
            for ours in (booked.get(report.reference),)
            for wrong, help_ in _differences(report, ours, now=now)
        ]


def _unreadable(row: UnreadableCharge) -> Difference:
    return Difference(
        row.reference or "a transaction without a reference",
        f"Paystack lists it in a form that cannot be read: {row.why}",
        LOOK_AT_IT,
    )


def _differences(
    report: ChargeReport, ours: BookedPayment | None, *, now: datetime
) -> Iterator[tuple[str, str]]:
    """What is wrong, and what helps."""
    if ours is None:
        if report.status == ChargeStatus.PAID:
            yield f"Paystack took {report.amount} for it, and it is unknown here", LOOK_FOR_IT
    elif ours.status in SETTLED_PAYMENTS:
        yield from _settled_differences(report, ours)
    elif report.status == ChargeStatus.PAID and not _is_on_its_way(report, now=now):
        yield f"Paystack took {report.amount} for it, and here it is {ours.status}", SETTLE_IT


def _settled_differences(report: ChargeReport, ours: BookedPayment) -> Iterator[tuple[str, str]]:
    if report.status not in (ChargeStatus.PAID, ChargeStatus.REVERSED):
        yield f"here it is {ours.status}, and at Paystack {report.status}", COMPARE_IT
        return
    if report.status == ChargeStatus.REVERSED and not ours.refunded_minor:
        yield "Paystack gave the money back, and here is no refund of it", ASK_WHY
    if report.amount != charged(ours):
        yield f"Paystack took {report.amount}, and here it is {charged(ours)}", COMPARE_IT
    if report.fee_minor is not None and report.fee_minor != (ours.fee_minor or 0):
        there, here = (
            Money(minor or 0, ours.currency) for minor in (report.fee_minor, ours.fee_minor)
        )
        yield f"Paystack kept a fee of {there}, and here it is {here}", COMPARE_IT


def charged(ours: BookedPayment) -> Money:
    """What Paystack took by our books: money that is of no use goes back whole."""
    if ours.status == PaymentStatus.RETURNED and ours.refund_currency is not None:
        return Money(ours.refunded_minor, ours.refund_currency)
    return Money(ours.amount_minor + ours.surplus_minor, ours.currency)


def _is_on_its_way(report: ChargeReport, *, now: datetime) -> bool:
    return report.paid_at is not None and now - report.paid_at < ON_ITS_WAY_FOR


def _in_batches(
    rows: Iterator[ChargeReport | UnreadableCharge],
) -> Iterator[list[ChargeReport | UnreadableCharge]]:
    while batch := list(islice(rows, BATCH)):
        yield batch

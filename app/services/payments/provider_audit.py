"""The other half of the audit: what the provider has in its books beside what we have in ours.

Reconciliation compares while the shop sells, names what differs and what helps. Here nothing is on
its way any more, so every difference breaks an invariant.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.domain.payments.payments import BookedPayment
from app.domain.payments.refund_notes import name_in
from app.domain.ports import ChargeReport, ChargeStatus, RefundStatus
from app.domain.ports.payments import MoneyBack, ProviderLedger
from app.domain.states import SETTLED_PAYMENTS
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.audit import Violation
from app.services.payments.reconciliation import charged

TOOK_MONEY: Final = (ChargeStatus.PAID, ChargeStatus.REVERSED)


def compared(work: UnitOfWork, provider: ProviderLedger) -> Iterator[Violation]:
    """What the provider's books and ours do not agree on."""
    settled = work.booked_payments.settled_since(None)
    references = {report.reference for report in provider.charges} | set(settled)
    booked = work.booked_payments.booked(sorted(references))
    yield from _charges(provider.charges, booked)
    yield from _missing(provider.charges, settled)
    yield from _refunds(provider, booked, work.audit.refunds_done())
    yield from _made_twice(provider.refunds)


def _charges(
    charges: Sequence[ChargeReport], booked: Mapping[str, BookedPayment]
) -> Iterator[Violation]:
    for reference, times in Counter(report.reference for report in charges).items():
        if times > 1:
            facts = {"reference": reference, "charges": times}
            yield Violation("I5", "one reference stands for several charges", facts)
    for report in charges:
        if report.status not in TOOK_MONEY:
            continue
        ours = booked.get(report.reference)
        row = {"reference": report.reference, "charged": str(report.amount)}
        if ours is None:
            yield Violation("I4", "the provider took money that is not recorded here", row)
        elif ours.status not in SETTLED_PAYMENTS:
            row["status"] = ours.status
            yield Violation("I4", "the provider took money and nothing came of it", row)
        elif report.amount != charged(ours):
            row["booked"] = str(charged(ours))
            yield Violation("I5", "the provider took another amount than is booked", row)


def _missing(charges: Sequence[ChargeReport], settled: Sequence[str]) -> Iterator[Violation]:
    paid = {report.reference for report in charges if report.status in TOOK_MONEY}
    for reference in settled:
        if reference not in paid:
            facts = {"reference": reference}
            yield Violation("I4", "money is booked that the provider did not take", facts)


def _refunds(
    provider: ProviderLedger, booked: Mapping[str, BookedPayment], done: Mapping[str, int]
) -> Iterator[Violation]:
    given, finished = Counter[str](), Counter[str]()
    for refund in provider.refunds:
        if refund.status != RefundStatus.FAILED:
            given[refund.reference] += refund.amount.minor
        if refund.status == RefundStatus.PROCESSED:
            finished[refund.reference] += refund.amount.minor
    for reference, minor in given.items():
        ours = booked.get(reference)
        recorded = ours.refunded_minor if ours else 0
        if minor > recorded:
            facts = {"reference": reference, "given": minor, "recorded": recorded}
            yield Violation("I10", "the provider gave back more than is recorded", facts)
    for reference, minor in done.items():
        if minor > finished[reference]:
            facts = {"reference": reference, "booked": minor, "given": finished[reference]}
            yield Violation("I10", "a refund is booked that the provider has not made", facts)


def _made_twice(refunds: Sequence[MoneyBack]) -> Iterator[Violation]:
    names = Counter(
        name
        for back in refunds
        if back.status != RefundStatus.FAILED and (name := name_in(back.note))
    )
    for name, times in names.items():
        if times > 1:
            facts = {"refund": name.refund_id, "reference": name.reference, "times": times}
            yield Violation("I10", "the provider made one refund more than once", facts)

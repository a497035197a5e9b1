"""What an event has brought in, summed from the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.errors import PeriodInvalid
from app.domain.ids import EventId, TicketTypeId
from app.domain.moments import in_zone
from app.domain.payments.ledger import Account

QUARTER: Final = timedelta(minutes=15)
"""Every time zone of today is a multiple of it away from UTC, so no quarter has parts of two days.

Some zones of the past were not; their days may be off by minutes (IANA time zone database).
"""

EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""Before and after everything that is posted."""

EARNINGS: Final = (
    Account.SALES,
    Account.DISCOUNTS,
    Account.SURPLUS,
    Account.REFUNDS,
    Account.DISPUTES,
    Account.FEES,
)
"""What is left for the organizer is the sum of these, which is a credit."""

AT_THE_DESK: Final = (Account.CASH, Account.CASH_DUE)
"""Cash that the organizer took, and what of it has to be handed back, which is a credit."""

AT_THE_PROVIDER: Final = (Account.PAYSTACK, Account.REFUNDS_DUE, Account.UNCLAIMED)
"""What the provider holds, and what of it goes back to buyers, which is a credit."""


@dataclass(frozen=True, slots=True)
class LedgerSum:
    """What was posted to an account within a quarter of an hour, in minor units.

    ``quarter`` counts from 1970 in UTC.
    """

    quarter: int
    account: Account
    currency: str
    minor: int
    debits: int
    """The positive lines of it alone."""


class SaleKind(StrEnum):
    """How orders were paid, as files and reports tell it."""

    PAID = "paid"
    """By Paystack."""
    FREE = "free"
    """The buyer placed it, and it costs nothing."""
    COMPLIMENTARY = "complimentary"
    CASH = "cash"


@dataclass(frozen=True, slots=True)
class KindSales:
    """What was sold by one kind of payment."""

    kind: SaleKind
    orders: int
    tickets: int


@dataclass(frozen=True, slots=True)
class Revenue:
    """Money of one currency, in minor units."""

    currency: str
    gross: int
    """Tickets sold, at their price before discounts."""
    discounts: int
    surplus: int
    """Paid on top of prices: fees that an account at the provider adds to what buyers pay."""
    refunds: int
    """Tickets refunded, also where the money is still on its way back."""
    disputes: int
    """Taken back by buyers' banks."""
    fees: int
    """Kept by the provider, also of payments that went back."""
    owed: int
    """What lies at the provider for the organizer, without what is on its way back to buyers.

    ``net`` counts money that moved past the provider as well, such as a refund by bank transfer.
    """
    cash: int
    """What the organizer took in cash, without what has to be handed back."""
    cash_gross: int
    """What of ``gross`` was sold for cash."""
    cash_due: int
    """What of the cash is still to be handed back: until then, the drawer has it."""

    @property
    def net(self) -> int:
        """What is left for the organizer."""
        earned = self.gross - self.discounts + self.surplus
        return earned - self.refunds - self.disputes - self.fees

    @property
    def cash_refunds(self) -> int:
        """What of ``refunds`` had been paid in cash."""
        return self.cash_gross - self.cash

    @property
    def drawer(self) -> int:
        """The cash that the organizer has."""
        return self.cash + self.cash_due

    @property
    def has_cash(self) -> bool:
        return self.cash_gross != 0 or self.cash != 0 or self.cash_due != 0

    @classmethod
    def of_balances(
        cls, currency: str, balances: Mapping[Account, int], *, cash_gross: int
    ) -> "Revenue":
        """What the balances of an event's accounts mean; credits are negative there.

        ``cash_gross`` is the sum of the debits of ``CASH``: each of them is a sale.
        """
        return cls(
            currency=currency,
            gross=-balances.get(Account.SALES, 0),
            discounts=balances.get(Account.DISCOUNTS, 0),
            surplus=-balances.get(Account.SURPLUS, 0),
            refunds=balances.get(Account.REFUNDS, 0),
            disputes=balances.get(Account.DISPUTES, 0),
            fees=balances.get(Account.FEES, 0),
            owed=sum(balances.get(account, 0) for account in AT_THE_PROVIDER),
            cash=sum(balances.get(account, 0) for account in AT_THE_DESK),
            cash_gross=cash_gross,
            cash_due=-balances.get(Account.CASH_DUE, 0),
        )


@dataclass(frozen=True, slots=True)
class TypeSales:
    """What was sold of a ticket type; amounts in minor units of the event's currency."""

    ticket_type_id: TicketTypeId
    name: str
    tickets: int
    refunded_tickets: int
    paid_minor: int
    """For all its tickets, after discounts."""
    refunded_minor: int


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``since`` up to ``until``, which is excluded; ``None``: without such a bound.

    Each event's days are those of its own zone.
    """

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise PeriodInvalid

    @property
    def has_bounds(self) -> bool:
        return self.since is not None or self.until is not None

    def moments(self, time_zone: str) -> tuple[datetime, datetime]:
        """When it begins and ends in the zone, in UTC."""
        return (
            EVER if self.since is None else beginning_of(self.since, time_zone),
            NEVER if self.until is None else beginning_of(self.until, time_zone),
        )


@dataclass(frozen=True, slots=True)
class EventSum:
    """What was posted for an event to one of its accounts, in minor units."""

    event_id: EventId
    account: Account
    currency: str
    minor: int
    debits: int


@dataclass(frozen=True, slots=True)
class EventSales:
    """What one of several events has sold."""

    event_id: EventId
    title: str
    starts_at: datetime
    all_day: bool
    time_zone: str
    tickets: int
    revenue: Sequence[Revenue]


@dataclass(frozen=True, slots=True)
class CodeSales:
    """What was sold with a promo code; amounts in minor units of the event's currency."""

    code: str
    orders: int
    paid_minor: int
    discount_minor: int


def revenues(sums: Iterable[LedgerSum | EventSum]) -> list[Revenue]:
    """Everything together, by currency."""
    found: dict[str, dict[Account, int]] = defaultdict(lambda: defaultdict(int))
    cash_gross: dict[str, int] = defaultdict(int)
    for each in sums:
        found[each.currency][each.account] += each.minor
        if each.account == Account.CASH:
            cash_gross[each.currency] += each.debits
    return [
        Revenue.of_balances(currency, found[currency], cash_gross=cash_gross[currency])
        for currency in sorted(found)
    ]


def net_of(balances: Mapping[Account, int]) -> int:
    """What is left for the organizer, as ``Revenue.net`` of these balances."""
    return -sum(balances.get(account, 0) for account in EARNINGS)


def revenues_by_day(sums: Iterable[LedgerSum], time_zone: str) -> list[tuple[date, Revenue]]:
    """The same by day in the zone, for days on which something was posted, oldest first."""
    zone = ZoneInfo(time_zone)
    days: dict[date, list[LedgerSum]] = defaultdict(list)
    for each in sums:
        days[day_of(each.quarter, zone)].append(each)
    return [(day, one) for day in sorted(days) for one in revenues(days[day])]


def counts_by_day(counts: Iterable[tuple[int, int]], time_zone: str) -> dict[date, int]:
    """Numbers by quarter of an hour, summed by day in the zone."""
    zone = ZoneInfo(time_zone)
    found: dict[date, int] = defaultdict(int)
    for quarter, number in counts:
        found[day_of(quarter, zone)] += number
    return dict(found)


def day_of(quarter: int, zone: ZoneInfo) -> date:
    """The day in the zone to which a quarter of an hour belongs."""
    return start_of(quarter).astimezone(zone).date()


def beginning_of(day: date, time_zone: str) -> datetime:
    """When the day begins in the zone, in UTC; where clocks skip midnight, right behind the gap.

    Days before ``EVER`` and from ``NEVER`` on are taken for these.
    """
    if not EVER.date() < day < NEVER.date():
        return EVER if day <= EVER.date() else NEVER
    return in_zone(datetime.combine(day, time()), time_zone)


def start_of(quarter: int) -> datetime:
    """When the quarter of an hour begins, in UTC."""
    return datetime.fromtimestamp(quarter * QUARTER.total_seconds(), tz=UTC)

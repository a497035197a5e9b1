import datetime
from typing import Any, Self

from pydantic import Field

from app.domain.ids import EventId, OrganizationId, TicketTypeId
from app.domain.organizers.reports import Revenue, SaleKind
from app.schemas.base import Moment, ResponseBody
from app.schemas.payments.payments import MoneyOut, money_in
from app.services.organizers.reports import (
    MOST_EVENTS,
    OrganizationSalesReport,
    SalesReport,
)


class CashOut(ResponseBody):
    """What of the money moved in cash, past Paystack."""

    gross: MoneyOut = Field(description="Tickets sold for cash.")
    refunded: MoneyOut = Field(description="Of these, also where it is to be handed back.")
    to_hand_back: MoneyOut = Field(description="Refunded, and still in the drawer.")
    drawer: MoneyOut = Field(description="The cash that the organizer has.")

    @classmethod
    def of(cls, revenue: Revenue) -> Self:
        money = money_in(revenue.currency)
        return cls(
            gross=money(revenue.cash_gross),
            refunded=money(revenue.cash_refunds),
            to_hand_back=money(revenue.cash_due),
            drawer=money(revenue.drawer),
        )


class KindSalesOut(ResponseBody):
    """What was sold by one kind of payment."""

    kind: SaleKind = Field(
        description="`paid` by Paystack, `free`, or by the organizer: `complimentary`, `cash`."
    )
    orders: int = Field(examples=[12])
    tickets: int = Field(description="Issued, those that were refunded among them.")


class RevenueOut(ResponseBody):
    """Money of one currency, as the ledger has it."""

    gross: MoneyOut = Field(description="Tickets sold, at their price before discounts.")
    discounts: MoneyOut
    surplus: MoneyOut = Field(
        description="Paid on top: fees the account at Paystack adds to what buyers pay."
    )
    refunded: MoneyOut = Field(
        description="Of refunded tickets, also where the money is on its way."
    )
    disputed: MoneyOut = Field(description="Taken back by buyers' banks.")
    fees: MoneyOut = Field(description="Kept by Paystack, also of payments that went back.")
    net: MoneyOut = Field(description="What is left.")
    owed: MoneyOut = Field(
        description="What of `net` lies at Paystack: without what moved past it, such as a refund "
        "by bank transfer."
    )
    cash: MoneyOut = Field(
        description="What of `net` the organizer took in cash, without what is to be handed back."
    )
    in_cash: CashOut

    @classmethod
    def of(cls, revenue: Revenue, **more: Any) -> Self:
        money = money_in(revenue.currency)
        return cls(
            **more,
            gross=money(revenue.gross),
            discounts=money(revenue.discounts),
            surplus=money(revenue.surplus),
            refunded=money(revenue.refunds),
            disputed=money(revenue.disputes),
            fees=money(revenue.fees),
            net=money(revenue.net),
            owed=money(revenue.owed),
            cash=money(revenue.cash),
            in_cash=CashOut.of(revenue),
        )


class DayOut(RevenueOut):
    """What was posted on one day in the event's zone."""

    day: datetime.date = Field(examples=["2030-05-01"])
    tickets: int = Field(description="Tickets issued on that day.")


class TypeSalesOut(ResponseBody):
    """What was sold of a ticket type."""

    ticket_type_id: TicketTypeId
    name: str
    tickets: int
    refunded_tickets: int = Field(examples=[0])
    paid: MoneyOut = Field(description="For all its tickets, after discounts.")
    refunded: MoneyOut


class CodeSalesOut(ResponseBody):
    """What was sold with a promo code."""

    code: str = Field(examples=["EARLY"])
    orders: int = Field(examples=[12])
    paid: MoneyOut
    discounts: MoneyOut


class SalesReportOut(ResponseBody):
    """What an event has sold, all of one moment."""

    event_id: EventId
    time_zone: str = Field(description="In which its days begin and end.")
    revenue: list[RevenueOut] = Field(description="One for each currency; empty: nothing yet.")
    by_day: list[DayOut] = Field(description="Days on which something was posted, oldest first.")
    by_kind: list[KindSalesOut]
    by_ticket_type: list[TypeSalesOut]
    by_promo_code: list[CodeSalesOut]

    @classmethod
    def of(cls, report: SalesReport) -> Self:
        money = money_in(report.currency)
        return cls.from_fields(
            report,
            revenue=[RevenueOut.of(one) for one in report.revenue],
            by_day=[
                DayOut.of(one, day=day, tickets=report.tickets_by_day.get(day, 0))
                for day, one in report.revenue_by_day
            ],
            by_ticket_type=[
                TypeSalesOut.from_fields(
                    one, paid=money(one.paid_minor), refunded=money(one.refunded_minor)
                )
                for one in report.by_type
            ],
            by_promo_code=[
                CodeSalesOut.from_fields(
                    one, paid=money(one.paid_minor), discounts=money(one.discount_minor)
                )
                for one in report.by_promo_code
            ],
        )


class EventSalesOut(ResponseBody):
    """What one event has sold in the period."""

    event_id: EventId
    title: str
    starts_at: Moment
    all_day: bool = Field(description="Whether it lasts whole days of `time_zone`: show days.")
    time_zone: str = Field(description="In which the days of the period are this event's.")
    tickets: int = Field(description="Tickets issued.")
    revenue: list[RevenueOut] = Field(description="One for each currency.")


class OrganizationSalesReportOut(ResponseBody):
    """What an organization's events have sold in a period, all of one moment."""

    organization_id: OrganizationId
    since: datetime.date | None = Field(
        description="The first day; `null`: from the beginning.", examples=["2030-05-01"]
    )
    until: datetime.date | None = Field(
        description="The day behind the last one; `null`: up to now.", examples=["2030-06-01"]
    )
    tickets: int = Field(description="Tickets issued.")
    revenue: list[RevenueOut] = Field(
        description="Of all events, one for each currency: amounts of two are never added."
    )
    by_kind: list[KindSalesOut]
    events: list[EventSalesOut] = Field(
        description="Events that sold something or moved money in the period; the one that starts "
        f"last comes first. At most {MOST_EVENTS}; the sums are of all."
    )
    events_left_out: int = Field(
        description="Events beyond these: ask for a shorter period.", examples=[0]
    )

    @classmethod
    def of(cls, report: OrganizationSalesReport) -> Self:
        return cls.from_fields(
            report,
            report.period,
            revenue=[RevenueOut.of(one) for one in report.revenue],
            events=[
                EventSalesOut.from_fields(
                    each, revenue=[RevenueOut.of(one) for one in each.revenue]
                )
                for each in report.events
            ],
        )

"""What admins look up by what a caller quotes."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.admins.actions import LONGEST_WORDS
from app.domain.errors import AccountNotFound, OrderNotFound
from app.domain.paging import NEWEST_FIRST
from app.http.answers import PagingDep, answer
from app.http.callers import Admin
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import OrderIdInPath, UserIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.admins.found import (
    AdminSearchOut,
    FoundOrderOut,
    FoundPaymentOut,
    FoundTicketOut,
)
from app.schemas.admins.people import PersonDetailOut, PersonOut
from app.schemas.base import Line
from app.schemas.orders.event_orders import EventOrderDetailOut

router = APIRouter(prefix="/admin", tags=["admin"], route_class=StrictRoute)

FOUND_AT_ONCE = 5

Words = Annotated[
    Line,
    Query(
        min_length=1,
        max_length=LONGEST_WORDS,
        description="What a caller quotes: an e-mail address, a user name, or three letters or "
        "more of its beginning; a name as given with an account, an order or a ticket; the number "
        "of an account, order, ticket, mail or event; the reference of a payment; Paystack's "
        "number of a payment, refund or dispute; the short code of a ticket, also a replaced one; "
        "a mail's `Message-ID`; words of an event's title or place.",
        examples=["testuser"],
    ),
]


@router.get(
    "/search",
    response_model=AdminSearchOut,
    summary="Search everything",
)
def search_everything(caller: Admin, services: ServicesDep, q: Words) -> Response:
    """The first five of each kind. Admins only; what they search for is kept in their log.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    found = services.admin_search.search(caller=caller, words=q, limit=FOUND_AT_ONCE)
    return answer(AdminSearchOut.of(found))


@router.get(
    "/people",
    response_model=list[PersonOut],
    summary="Find people",
    responses={
        200: {"links": link("show_person", user_id="$response.body#/0/id")},
    },
)
def find_people(caller: Admin, services: ServicesDep, paging: PagingDep, q: Words) -> Response:
    """Accounts and guests by number, user name, address, beginnings of these, or a name they gave.

    Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    page = services.admin_search.people(
        caller=caller, words=q, after=paging.after(NEWEST_FIRST), limit=paging.limit
    )
    return paging.answer(page.of(PersonOut.model_validate))


@router.get(
    "/people/{user_id}",
    response_model=PersonDetailOut,
    summary="Show a person",
    responses=problems(AccountNotFound),
)
def show_person(user_id: UserIdInPath, caller: Admin, services: ServicesDep) -> Response:
    """With organizations, latest orders, and what admins did about the account. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    return answer(PersonDetailOut.of(services.admin_records.person(caller=caller, user_id=user_id)))


@router.get(
    "/orders",
    response_model=list[FoundOrderOut],
    summary="Find orders",
)
def find_orders(caller: Admin, services: ServicesDep, paging: PagingDep, q: Words) -> Response:
    """By number, by what was paid or issued for them, or by their buyer; of all events.

    Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    page = services.admin_search.orders(
        caller=caller, words=q, after=paging.after(NEWEST_FIRST), limit=paging.limit
    )
    return paging.answer(page.of(FoundOrderOut.of_found))


@router.get(
    "/orders/{order_id}",
    response_model=EventOrderDetailOut,
    summary="Show any order",
    responses=problems(OrderNotFound),
)
def show_any_order(order_id: OrderIdInPath, caller: Admin, services: ServicesDep) -> Response:
    """With its buyer, payments, tickets, refunds, mails and history. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    record = services.admin_records.order(caller=caller, order_id=order_id)
    return answer(EventOrderDetailOut.of_event(record.found))


@router.get(
    "/payments",
    response_model=list[FoundPaymentOut],
    summary="Find payments",
)
def find_payments(caller: Admin, services: ServicesDep, paging: PagingDep, q: Words) -> Response:
    """Those of the orders that `GET /admin/orders` finds. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    page = services.admin_search.payments(
        caller=caller, words=q, after=paging.after(NEWEST_FIRST), limit=paging.limit
    )
    return paging.answer(page.of(FoundPaymentOut.of_found))


@router.get(
    "/tickets",
    response_model=list[FoundTicketOut],
    summary="Find tickets",
)
def find_tickets(caller: Admin, services: ServicesDep, paging: PagingDep, q: Words) -> Response:
    """By number or short code, by their holder, or of the orders found. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    page = services.admin_search.tickets(
        caller=caller, words=q, after=paging.after(NEWEST_FIRST), limit=paging.limit
    )
    return paging.answer(page.of(FoundTicketOut.of_found))

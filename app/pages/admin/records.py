"""All that is known about one person, order, payment, ticket or mail."""

from fastapi.responses import HTMLResponse

from app.domain.money import Money
from app.domain.states import STUCK_REFUNDS, UNSETTLED_PAYMENTS, OrderStatus, OutboxStatus, Role
from app.http.dependencies import ServicesDep
from app.http.path_ids import (
    OrderIdInPath,
    PaymentIdInPath,
    RowIdInPath,
    TicketIdInPath,
    UserIdInPath,
)
from app.pages.admin.access import AdminBrowser
from app.pages.rendering import PageRouter, page

router = PageRouter("/admin")


@router.get("/person/{user_id}")
def show_person(
    user_id: UserIdInPath, session: AdminBrowser, services: ServicesDep
) -> HTMLResponse:
    """An account or a guest, and what can be done about it."""
    record = services.admin_records.person(caller=session.user, user_id=user_id)
    return page(
        "admin_person.html",
        session=session,
        record=record,
        user=record.user,
        is_own=user_id == session.user.id,
        can_have_role=not (record.user.is_guest or record.user.is_deleted),
        is_admin=record.user.role == Role.ADMIN,
    )


@router.get("/order/{order_id}")
def show_order(
    order_id: OrderIdInPath, session: AdminBrowser, services: ServicesDep
) -> HTMLResponse:
    """An order with all that belongs to it."""
    record = services.admin_records.order(caller=session.user, order_id=order_id)
    order = record.found.detail.order
    return page(
        "admin_order.html",
        session=session,
        found=record.found,
        order=order,
        event=record.event,
        is_pending=order.status == OrderStatus.PENDING,
        stuck=STUCK_REFUNDS,
    )


@router.get("/payment/{payment_id}")
def show_payment(
    payment_id: PaymentIdInPath, session: AdminBrowser, services: ServicesDep
) -> HTMLResponse:
    """A payment, what goes back of it, and what a bank wants back."""
    record = services.admin_records.payment(caller=session.user, payment_id=payment_id)
    payment = record.payment
    return page(
        "admin_payment.html",
        session=session,
        record=record,
        payment=payment,
        is_unsettled=payment.status in UNSETTLED_PAYMENTS,
        stuck=STUCK_REFUNDS,
        money=lambda minor: Money(minor, payment.currency),
    )


@router.get("/ticket/{ticket_id}")
def show_ticket(
    ticket_id: TicketIdInPath, session: AdminBrowser, services: ServicesDep
) -> HTMLResponse:
    """A ticket, without what opens its page."""
    record = services.admin_records.ticket(caller=session.user, ticket_id=ticket_id)
    return page("admin_ticket.html", session=session, record=record)


@router.get("/mail/{message_id}")
def show_mail(
    message_id: RowIdInPath, session: AdminBrowser, services: ServicesDep
) -> HTMLResponse:
    """A mail, without its words: some carry secret links."""
    mail = services.messages.get(caller=session.user, message_id=message_id)
    return page(
        "admin_mail.html",
        session=session,
        mail=mail,
        is_dead=mail.status == OutboxStatus.DEAD,
    )

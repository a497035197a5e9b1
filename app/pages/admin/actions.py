"""What admins do, each on a page of its own that says what will happen and asks why.

What cannot be undone is confirmed with a mark beside the reason.
"""

from collections.abc import Mapping
from typing import Final

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, Forbidden, Invalid, Unavailable
from app.domain.ids import OrderId, PaymentId, UserId
from app.domain.languages import marked
from app.domain.states import Role
from app.http.browsers.sessions import BrowserSession, FormFields
from app.http.concurrency_limit import waits_for_paystack
from app.http.dependencies import ServicesDep
from app.http.path_ids import RowIdInPath
from app.http.refusals import PathNotFound
from app.http.services import Services
from app.pages.admin.access import AdminBrowser, SendingAdmin
from app.pages.admin.action_kinds import ACTIONS, Kind, PageAction, Step
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.rendering import PageRouter, page, see
from app.schemas.admins.actions import ReasonIn
from app.texts.amounts import written
from app.texts.catalogue import _, translated

router = PageRouter("/admin/do")

FIELDS: Final = ("reason", "role", "confirmed")
NOT_CONFIRMED: Final = Mistakes({"confirmed": marked("Confirm it: this cannot be undone.")}, 422)


@router.get("/{kind}/{row_id}/{action}")
def ask_why(
    kind: str, row_id: RowIdInPath, action: str, session: AdminBrowser, services: ServicesDep
) -> HTMLResponse:
    """What will happen, and a form for the reason."""
    about, wanted = _action(kind, action)
    return _form(about, row_id, wanted, session, services, {})


@router.post("/{kind}/{row_id}/{action}")
@waits_for_paystack
def act(
    kind: str,
    row_id: RowIdInPath,
    action: str,
    session: SendingAdmin,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Do it, and go back to what it was about."""
    about, wanted = _action(kind, action)
    try:
        given = ReasonIn(reason=form.get("reason", ""))
        if wanted.is_final and "confirmed" not in form:
            return _form(about, row_id, wanted, session, services, form, NOT_CONFIRMED)
        wanted.do(
            Step(
                services=services,
                admin=session.user,
                row_id=row_id,
                reason=given.reason,
                form=form,
            )
        )
    except (ValidationError, Conflict, Invalid, Forbidden, Unavailable) as refusal:
        mistakes = mistakes_in(refusal, FIELDS)
        return _form(about, row_id, wanted, session, services, form, mistakes)
    return see(_back(about, row_id))


def _action(kind: str, name: str) -> tuple[Kind, PageAction]:
    """What the address names.

    Raises:
        PathNotFound: nothing is done under these names.
    """
    for (about, action), found in ACTIONS.items():
        if (about, action) == (kind, name):
            return about, found
    raise PathNotFound


def _back(kind: Kind, row_id: int) -> str:
    """Refunds and disputes have no page of their own."""
    return "/admin/to-do" if kind in (Kind.REFUND, Kind.DISPUTE) else f"/admin/{kind}/{row_id}"


def _named(kind: Kind, row_id: int, session: BrowserSession, services: Services) -> str:
    """What it is about, in words; that the admin looked it up is in the log.

    Raises:
        NotFound: there is no such row.
    """
    admin, records = session.user, services.admin_records
    match kind:
        case Kind.PERSON:
            user = records.person(caller=admin, user_id=UserId(row_id)).user
            return user.email if user.is_guest else f"{user.username}, {user.email}"
        case Kind.ORDER:
            record = records.order(caller=admin, order_id=OrderId(row_id))
            email, title = record.found.buyer.email, record.event.title
            return _("Order %(id)s of %(email)s: %(title)s", id=row_id, email=email, title=title)
        case Kind.PAYMENT:
            payment = records.payment(caller=admin, payment_id=PaymentId(row_id)).payment
            return f"{written(payment.amount)}, {payment.reference}"
        case Kind.MAIL:
            mail = services.messages.get(caller=admin, message_id=row_id)
            about = translated(mail.kind.replace("-", " "))
            return _("Mail %(id)s: %(kind)s", id=row_id, kind=about)
        case Kind.REFUND:
            return _("Refund %(id)s", id=row_id)
        case Kind.DISPUTE:
            return _("Dispute %(id)s", id=row_id)


def _form(
    kind: Kind,
    row_id: int,
    action: PageAction,
    session: BrowserSession,
    services: Services,
    values: Mapping[str, str],
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    return page(
        "admin_action.html",
        session=session,
        mistakes=mistakes,
        action=action,
        named=_named(kind, row_id, session, services),
        back=_back(kind, row_id),
        values=values,
        roles=list(Role),
    )

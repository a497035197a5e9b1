"""What admins do from pages, about what, and what the page of each says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.ids import OrderId, PaymentId, RefundId, UserId
from app.domain.languages import marked
from app.http.services import Services
from app.models.users.users import User
from app.schemas.admins.people import RoleChange


class Kind(StrEnum):
    """What an action is about, as its address says."""

    PERSON = "person"
    ORDER = "order"
    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is done, by whom, about which row, and what the form says."""

    services: Services
    admin: User
    row_id: int
    reason: str
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAction:
    """An action with its page.

    ``button``: what stands on it; empty: the heading. ``is_final``: it cannot be undone.
    """

    heading: str
    explained: str
    do: Callable[[Step], object]
    button: str = ""
    is_final: bool = False
    asks_role: bool = False


def _disable(step: Step, *, disabled: bool) -> None:
    step.services.account_control.set_disabled(
        actor=step.admin.actor,
        user_id=UserId(step.row_id),
        disabled=disabled,
        reason=step.reason,
    )


def _change_role(step: Step) -> None:
    wanted = RoleChange.model_validate({"role": step.form.get("role"), "reason": step.reason})
    step.services.account_control.set_role(
        actor=step.admin.actor,
        user_id=UserId(step.row_id),
        role=wanted.role,
        reason=wanted.reason,
    )


ACTIONS: Final[Mapping[tuple[Kind, str], PageAction]] = {
    (Kind.PERSON, "disable"): PageAction(
        heading=marked("Disable the account"),
        explained=marked(
            "It is logged out everywhere at once and cannot log in until it is enabled "
            "again. Its tickets stay valid, and events it organizes stay on sale. Its places in "
            "waiting lists end, and so do links that were mailed to it."
        ),
        do=lambda step: _disable(step, disabled=True),
    ),
    (Kind.PERSON, "enable"): PageAction(
        heading=marked("Enable the account"),
        explained=marked("It may log in again."),
        do=lambda step: _disable(step, disabled=False),
    ),
    (Kind.PERSON, "role"): PageAction(
        heading=marked("Change the role"),
        explained=marked(
            "It counts from the account's next call on. An organizer creates events and "
            "manages them; an admin may see and change everything. One admin is always left."
        ),
        do=_change_role,
        asks_role=True,
    ),
    (Kind.PERSON, "log-out"): PageAction(
        heading=marked("Log the account out everywhere"),
        explained=marked("Every login of it ends, on all devices. It may log in again."),
        button=marked("Log it out"),
        do=lambda step: step.services.account_control.log_out(
            actor=step.admin.actor, user_id=UserId(step.row_id), reason=step.reason
        ),
        is_final=True,
    ),
    (Kind.PERSON, "reset-two-step"): PageAction(
        heading=marked("Reset two-step sign-in"),
        explained=marked(
            "For an owner who lost the authenticator app and the recovery codes. Make sure "
            "first that it is the owner who asks: their password alone is enough then. Every login "
            "of the account ends, and a mail tells its owner."
        ),
        button=marked("Reset it"),
        do=lambda step: step.services.two_step.reset(
            actor=step.admin.actor, user_id=UserId(step.row_id), reason=step.reason
        ),
        is_final=True,
    ),
    (Kind.ORDER, "release"): PageAction(
        heading=marked("Release the order"),
        explained=marked(
            "Paystack is asked first: if it was paid just now, it is settled and not "
            "released. Else its places go back on sale, and money that arrives for it all the same "
            "goes back to its buyer."
        ),
        do=lambda step: step.services.orders.release_any(
            caller=step.admin, order_id=OrderId(step.row_id), reason=step.reason
        ),
        is_final=True,
    ),
    (Kind.PAYMENT, "check"): PageAction(
        heading=marked("Check the payment"),
        explained=marked(
            "Paystack is asked what became of it. If it was paid, tickets are issued, or "
            "the money goes back if there are no places any more."
        ),
        button=marked("Ask Paystack"),
        do=lambda step: step.services.attention.check_payment(
            caller=step.admin, payment_id=PaymentId(step.row_id), reason=step.reason
        ),
    ),
    (Kind.REFUND, "retry"): PageAction(
        heading=marked("Retry the refund"),
        explained=marked(
            "A failed one is sent to Paystack again; one that needs attention is looked "
            "at again. A refund of the same amount that was made on Paystack's dashboard is found "
            "first."
        ),
        do=lambda step: step.services.attention.retry_refund(
            caller=step.admin, refund_id=RefundId(step.row_id), reason=step.reason
        ),
        is_final=True,
    ),
    (Kind.REFUND, "done"): PageAction(
        heading=marked("Mark the refund as done"),
        explained=marked(
            "The money went back by other means than Paystack, such as a bank transfer. "
            "Say by which: the reason is kept with the refund. Paystack is not asked any more."
        ),
        button=marked("Mark it as done"),
        do=lambda step: step.services.attention.mark_refund_done(
            caller=step.admin, refund_id=RefundId(step.row_id), reason=step.reason
        ),
        is_final=True,
    ),
    (Kind.DISPUTE, "close"): PageAction(
        heading=marked("Close the dispute"),
        explained=marked(
            "Nothing is left to do about it. It leaves the list of what needs a person."
        ),
        do=lambda step: step.services.attention.close_dispute(
            caller=step.admin, dispute_id=step.row_id, reason=step.reason
        ),
        is_final=True,
    ),
    (Kind.MAIL, "resend"): PageAction(
        heading=marked("Resend the mail"),
        explained=marked(
            "It is due at once, whatever became of it. Who has it already gets it twice."
        ),
        do=lambda step: step.services.messages.send_again(
            caller=step.admin, message_id=step.row_id, reason=step.reason
        ),
        is_final=True,
    ),
    (Kind.MAIL, "drop"): PageAction(
        heading=marked("Drop the mail"),
        explained=marked(
            "It is not needed any more. It leaves the list of what needs a person; it "
            "can still be resent."
        ),
        do=lambda step: step.services.messages.drop(
            caller=step.admin, message_id=step.row_id, reason=step.reason
        ),
    ),
}

from typing import Self

from pydantic import Field

from app.domain.admins.actions import AdminActionKind, AdminSubject
from app.domain.checkin.doors import Direction, ScanReason, Verdict
from app.domain.ids import (
    EventId,
    ExportId,
    OrderId,
    OrganizationId,
    SessionId,
    TicketId,
    TicketTypeId,
    UserId,
    WaitingEntryId,
)
from app.domain.languages import Language
from app.domain.organizers.exports import ExportKind
from app.domain.organizers.organizations import InvitationState, OrganizationKind
from app.domain.permissions import OrganizationRole
from app.domain.states import (
    AccountRequestKind,
    OutboxKind,
    OutboxStatus,
    PaymentStatus,
    RefundState,
    TicketStatus,
    WaitingState,
)
from app.domain.users.sessions import ClientKind
from app.models.events.events import Event
from app.models.orders.orders import Order
from app.models.organizers.invitations import Invitation
from app.models.organizers.organizations import Membership, Organization
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.models.tickets.transfers import TicketTransfer
from app.repositories.users.own_data import OwnData
from app.schemas.base import Moment, ResponseBody
from app.schemas.orders.orders import OrderOut
from app.schemas.payments.payments import MoneyOut
from app.schemas.tickets.transfers import TransferOut
from app.schemas.users.users import UserOut


class KeptOrderOut(OrderOut):
    """An order, also one that was placed without a login before the account had it."""

    buyer_name: str | None = Field(description="The name given with it, if it was so placed.")
    language: Language | None = Field(description="What its mails were asked for in.")

    @classmethod
    def kept(cls, order: Order) -> Self:
        return cls.from_fields(OrderOut.of(order), order)


class KeptSessionOut(ResponseBody):
    """A login, also one that ended and is not deleted yet."""

    id: SessionId
    started_at: Moment
    revoked_at: Moment | None = Field(description="When it was ended.")
    network: str | None
    client_kind: ClientKind | None


class KeptRequestOut(ResponseBody):
    """A link that was mailed, such as one to confirm an address."""

    kind: AccountRequestKind
    email: str
    created_at: Moment
    expires_at: Moment
    used_at: Moment | None


class KeptPaymentOut(ResponseBody):
    """An attempt to pay one of your orders."""

    order_id: OrderId
    reference: str
    status: PaymentStatus
    amount: MoneyOut
    reason: str | None
    started_at: Moment
    settled_at: Moment | None


class KeptRefundOut(ResponseBody):
    """Money that went back to you, or is on its way."""

    order_id: OrderId
    amount: MoneyOut
    state: RefundState
    reason: str
    requested_at: Moment
    ended_at: Moment | None

    @classmethod
    def of(cls, refund: Refund, payment: Payment) -> Self:
        return cls.from_fields(refund, payment)


class KeptTicketOut(ResponseBody):
    """A ticket that is yours, without what opens the door."""

    id: TicketId
    order_id: OrderId
    event_id: EventId
    event_title: str
    ticket_type_id: TicketTypeId
    attendee_name: str | None
    status: TicketStatus
    purchase_date: Moment
    used_at: Moment | None
    revoked_at: Moment | None
    revoked_reason: str | None

    @classmethod
    def of(cls, ticket: Ticket, event: Event) -> Self:
        return cls.from_fields(ticket, event_title=event.title)


class KeptScanOut(ResponseBody):
    """One of your tickets before a scanner."""

    ticket_id: TicketId
    event_id: EventId
    direction: Direction
    verdict: Verdict
    reason: ScanReason
    gate: str | None
    scanned_at: Moment


class KeptTransferOut(TransferOut):
    """A ticket you offered to another person, or accepted."""

    was_given: bool = Field(description="Whether you offered it; else you took it over.")

    @classmethod
    def of(cls, transfer: TicketTransfer, *, user_id: UserId) -> Self:
        return cls.from_fields(transfer, was_given=transfer.from_user_id == user_id)


class KeptWaitOut(ResponseBody):
    """A place in a waiting list."""

    id: WaitingEntryId
    event_id: EventId
    ticket_type_id: TicketTypeId
    quantity: int
    state: WaitingState
    joined_at: Moment


class KeptMailOut(ResponseBody):
    """A mail to you; its words are not kept."""

    kind: OutboxKind
    status: OutboxStatus
    created_at: Moment
    sent_at: Moment | None


class KeptStaffOut(ResponseBody):
    """An event whose tickets you may check."""

    event_id: EventId
    added_at: Moment


class KeptMembershipOut(ResponseBody):
    """An organization you are in."""

    organization_id: OrganizationId
    organization: str
    kind: OrganizationKind
    role: OrganizationRole
    joined_at: Moment

    @classmethod
    def of(cls, membership: Membership, organization: Organization) -> Self:
        return cls.from_fields(
            membership,
            organization,
            organization=organization.name,
            joined_at=membership.created_at,
        )


class KeptInvitationOut(ResponseBody):
    """An invitation sent to your address."""

    organization: str
    role: OrganizationRole
    state: InvitationState
    invited_at: Moment

    @classmethod
    def of(cls, invitation: Invitation, organization: Organization) -> Self:
        return cls.from_fields(invitation, organization=organization.name)


class KeptNoteOut(ResponseBody):
    """A note you wrote on an order of your organization's events."""

    order_id: OrderId
    event_id: EventId
    text: str
    at: Moment


class KeptExportOut(ResponseBody):
    """A file that was prepared for you."""

    id: ExportId
    event_id: EventId
    kind: ExportKind
    requested_at: Moment
    expires_at: Moment


class KeptEventOut(ResponseBody):
    """An event you created."""

    id: EventId
    title: str
    created_at: Moment


class KeptAdminActionOut(ResponseBody):
    """What an admin of the shop looked up or changed about you, without their name."""

    at: Moment
    action: AdminActionKind
    subject: AdminSubject | None
    subject_id: int | None
    detail: str | None = Field(examples=["buyer to organizer"])
    reason: str | None


class OwnDataOut(ResponseBody):
    """Everything kept about your account, each the oldest first."""

    account: UserOut
    two_step_since: Moment | None = Field(
        description="Since when you sign in in two steps; `null`: in one."
    )
    sessions: list[KeptSessionOut]
    requests: list[KeptRequestOut]
    orders: list[KeptOrderOut]
    payments: list[KeptPaymentOut]
    refunds: list[KeptRefundOut]
    tickets: list[KeptTicketOut]
    scans: list[KeptScanOut]
    transfers: list[KeptTransferOut]
    waiting_lists: list[KeptWaitOut]
    mails: list[KeptMailOut]
    staff_of: list[KeptStaffOut]
    organizations: list[KeptMembershipOut]
    invitations: list[KeptInvitationOut]
    exports: list[KeptExportOut]
    events: list[KeptEventOut]
    notes: list[KeptNoteOut]
    admin_actions: list[KeptAdminActionOut]

    @classmethod
    def of(cls, kept: OwnData) -> Self:
        user_id = kept.user.id
        return cls.from_fields(
            kept,
            account=kept.user,
            orders=[KeptOrderOut.kept(each) for each in kept.orders],
            refunds=[KeptRefundOut.of(refund, payment) for refund, payment in kept.refunds],
            tickets=[KeptTicketOut.of(ticket, event) for ticket, event in kept.tickets],
            transfers=[KeptTransferOut.of(each, user_id=user_id) for each in kept.transfers],
            waiting_lists=kept.waits,
            staff_of=kept.staff,
            organizations=[KeptMembershipOut.of(*each) for each in kept.memberships],
            invitations=[KeptInvitationOut.of(*each) for each in kept.invitations],
        )

"""Ids of rows, told apart by the type checker."""

from typing import Final, NewType

UserId = NewType("UserId", int)
SessionId = NewType("SessionId", int)
EventId = NewType("EventId", int)
TicketTypeId = NewType("TicketTypeId", int)
OrderId = NewType("OrderId", int)
PaymentId = NewType("PaymentId", int)
TicketId = NewType("TicketId", int)
RefundId = NewType("RefundId", int)
PromoCodeId = NewType("PromoCodeId", int)
WaitingEntryId = NewType("WaitingEntryId", int)
CheckInId = NewType("CheckInId", int)
DeviceId = NewType("DeviceId", int)
TransferId = NewType("TransferId", int)
AnnouncementId = NewType("AnnouncementId", int)
AccountRequestId = NewType("AccountRequestId", int)
OrganizationId = NewType("OrganizationId", int)
InvitationId = NewType("InvitationId", int)
OrderNoteId = NewType("OrderNoteId", int)
TwoStepId = NewType("TwoStepId", int)
ExportId = NewType("ExportId", int)

MAX_ID: Final = 2**53 - 1
"""The largest integer that every reader of JSON keeps exactly (RFC 8259, section 6)."""

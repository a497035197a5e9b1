"""Ids that stand in the path of a route."""

from typing import Annotated, Final

from fastapi import Path

from app.domain.ids import (
    MAX_ID,
    CheckInId,
    DeviceId,
    EventId,
    ExportId,
    InvitationId,
    OrderId,
    OrganizationId,
    PaymentId,
    PromoCodeId,
    RefundId,
    TicketId,
    TicketTypeId,
    TransferId,
    UserId,
    WaitingEntryId,
)

_ROW_ID: Final = Path(ge=1, le=MAX_ID, examples=[1])

RowIdInPath = Annotated[int, _ROW_ID]
UserIdInPath = Annotated[UserId, _ROW_ID]
EventIdInPath = Annotated[EventId, _ROW_ID]
TicketTypeIdInPath = Annotated[TicketTypeId, _ROW_ID]
PromoCodeIdInPath = Annotated[PromoCodeId, _ROW_ID]
OrderIdInPath = Annotated[OrderId, _ROW_ID]
WaitingEntryIdInPath = Annotated[WaitingEntryId, _ROW_ID]
PaymentIdInPath = Annotated[PaymentId, _ROW_ID]
RefundIdInPath = Annotated[RefundId, _ROW_ID]
TicketIdInPath = Annotated[TicketId, _ROW_ID]
TransferIdInPath = Annotated[TransferId, _ROW_ID]
CheckInIdInPath = Annotated[CheckInId, _ROW_ID]
DeviceIdInPath = Annotated[DeviceId, _ROW_ID]
OrganizationIdInPath = Annotated[OrganizationId, _ROW_ID]
ExportIdInPath = Annotated[ExportId, _ROW_ID]
InvitationIdInPath = Annotated[InvitationId, _ROW_ID]

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

MAX_ID: Final = 2**63 - 1
"""The largest integer both databases store."""

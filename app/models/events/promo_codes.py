from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId, PromoCodeId, TicketTypeId
from app.domain.money import Money
from app.domain.states import DiscountKind
from app.domain.users.names import PROMO_CODE_KEY
from app.models.base import Base, Id, as_text, id_column


class PromoCode(Base):
    """A word that makes tickets cheaper. ``used`` counts orders that hold or have bought with it.

    An order that expired, was cancelled or was refunded as a whole counts no more. ``value`` is a
    percentage, or minor units off each ticket. Without ``ticket_type_ids`` it is good for every
    type of the event. A stopped code is good for no new order.
    """

    __tablename__ = "promo_codes"
    __table_args__ = (
        UniqueConstraint("event_id", "code_key"),
        CheckConstraint("used >= 0 AND (max_uses IS NULL OR used <= max_uses)", name="uses"),
        CheckConstraint("value > 0 AND (kind <> 'percent' OR value <= 100)", name="value"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PromoCodeId] = id_column()
    event_id: Mapped[EventId] = mapped_column(Id, ForeignKey("events.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(64))
    code_key: Mapped[str] = mapped_column(String(PROMO_CODE_KEY))
    kind: Mapped[DiscountKind] = mapped_column(as_text(DiscountKind))
    value: Mapped[int] = mapped_column(Id)
    max_uses: Mapped[int | None] = mapped_column(Integer)
    used: Mapped[int] = mapped_column(Integer, default=0)
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    ticket_type_ids: Mapped[list[TicketTypeId]] = mapped_column(JSON, default=list)
    is_stopped: Mapped[bool] = mapped_column(default=False, server_default=false())

    def off(self, unit_price: Money, ticket_type_id: TicketTypeId) -> int:
        """How much cheaper one ticket becomes, in minor units.

        What is left to pay is rounded down to what can be paid in its currency, in the buyer's
        favour. It is never below 0.
        """
        if self.ticket_type_ids and ticket_type_id not in self.ticket_type_ids:
            return 0
        if self.kind == DiscountKind.PERCENT:
            left = unit_price.minor * (100 - self.value) // 100
        else:
            left = max(unit_price.minor - self.value, 0)
        return unit_price.minor - Money(left, unit_price.currency).in_whole_coins.minor

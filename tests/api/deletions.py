"""Creates events and organizations of an organizer, and deletes them or parts of them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.domain.ids import EventId, OrganizationId, PromoCodeId, TicketTypeId, UserId
from app.domain.permissions import OrganizationRole
from app.domain.states import DiscountKind
from app.http.services import Services
from app.models.users.users import User
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.steps.organizations import Band
from tests.support.factories import Factory

Numbers = dict[str, int | str]
"""The ids of what was made, by the names they have in addresses."""

EVENTS = ("event_id", "event", "unsold", "full", "sold_out")
PARTS = ("ticket_type_id", "promo_code_id", "user_id", "device_id")
TYPES = ("ticket_type_id", "spare_type", "sold_out_type")
NOT_THERE = 999_999


@dataclass(frozen=True)
class Deletions:
    """What creates, and what deletes."""

    services: Services
    make: Factory
    organizer: User
    staff: User

    def event(self) -> Numbers:
        """An event of which nothing is sold."""
        event = self.make.event(organizer=self.organizer)
        type_id = event.ticket_types[0].id
        return {**dict.fromkeys(EVENTS, event.id), **dict.fromkeys(TYPES, type_id)}

    def event_with_parts(self) -> Numbers:
        """As ``event``, with a spare ticket type, a promo code, staff and a scanner."""
        event = self.event()
        mine = self._whose(event)
        spare = NewTicketType(name="Spare", price=Decimal(0))
        code = NewPromoCode(code="SPARE", kind=DiscountKind.PERCENT, value=Decimal(10))
        phone = self.services.devices.prepare(name="Phone", gate=None, url_of=str, **mine)
        type_id = self.services.ticket_types.add(new=spare, **mine).id
        self.services.staff.take_on(name=self.staff.username, **mine)
        return {
            **event,
            **dict.fromkeys(TYPES, type_id),
            "promo_code_id": self.services.promo_codes.create(new=code, **mine).id,
            "user_id": self.staff.id,
            "device_id": phone.device.id,
        }

    def organization(self) -> Numbers:
        """An organization without events, with an open invitation."""
        band = Band(self.services, self.make, owner=self.organizer)
        invitation = band.invite("guest@example.com", OrganizationRole.MANAGER)
        return {
            "organization_id": band.id,
            "invitation_id": invitation.id,
            "organizer": self.organizer.id,
        }

    def delete_event(self, made: Numbers) -> None:
        self.services.events.delete(**self._whose(made))

    def delete_type(self, made: Numbers) -> None:
        type_id = TicketTypeId(int(made["ticket_type_id"]))
        self.services.ticket_types.remove(ticket_type_id=type_id, **self._whose(made))

    def delete_code(self, made: Numbers) -> None:
        code_id = PromoCodeId(int(made["promo_code_id"]))
        self.services.promo_codes.delete(promo_code_id=code_id, **self._whose(made))

    def let_staff_go(self, made: Numbers) -> None:
        user_id = UserId(int(made["user_id"]))
        self.services.staff.let_go(user_id=user_id, **self._whose(made))

    def delete_organization(self, made: Numbers) -> None:
        organization_id = OrganizationId(int(made["organization_id"]))
        self.services.organizations.delete(owner=self.organizer, organization_id=organization_id)

    def _whose(self, made: Numbers) -> dict[str, Any]:
        return {"event_id": EventId(int(made["event_id"])), "organizer": self.organizer}

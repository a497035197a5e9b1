"""What the samples are: three events, each at its own point of a sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.states import DiscountKind
from app.services.events.new_events import NewEvent
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType

ZONE: Final = ZoneInfo("Africa/Lagos")
CURRENCY: Final = "NGN"
QUARTER: Final = timedelta(minutes=15)
CODE_OF_PRESS: Final = "PRESS"


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """An event as its organizer enters it, and how it sells.

    Attributes:
        name: what its picture is called.
        new: the event.
        picture_shows: the words for people who cannot see its picture.
        codes: its promo codes.
        on_sale_for: how long before now it was put on sale.
        shares: how large a part of the orders is for each ticket type, in their order.
        orders: how many there are; fewer if it sells out.
    """

    name: str
    new: NewEvent
    picture_shows: str
    codes: Sequence[NewPromoCode]
    on_sale_for: timedelta
    shares: Sequence[float]
    orders: int


def sample_events(now: datetime) -> tuple[SampleEvent, ...]:
    """The events as of a moment: one that people are coming to, one ahead, one sold out."""
    return _concert(now), _fair(now), _workshop(now)


def _concert(now: datetime) -> SampleEvent:
    """Today: the doors have been open for a while."""
    local = now.astimezone(ZONE)
    midnight = datetime.combine(local.date(), time(), ZONE)
    begun = midnight + (local - midnight) // QUARTER * QUARTER
    starts_at = min(max(begun + QUARTER, midnight + 8 * QUARTER), midnight + timedelta(hours=23))
    new = NewEvent(
        title="Lagos Jazz Night",
        starts_at=starts_at,
        doors_open_at=starts_at - timedelta(hours=2),
        ends_at=starts_at + timedelta(hours=5),
        time_zone=ZONE.key,
        location="Freedom Park, Broad Street, Lagos Island",
        category="Music",
        description="Four bands under the open sky: highlife horns, Afrobeat, and two "
        "quartets that play until the last guest has gone home.\n\nFood stalls are open all "
        "evening. Bring a jacket: the wind comes from the lagoon.",
        terms="Children below 12 come in free with an adult. No bottles, please.",
        price=Decimal(5000),
        currency=CURRENCY,
        refund_hours=48,
        ticket_types=(
            NewTicketType(name="General admission", price=Decimal(5000), capacity=220),
            NewTicketType(name="VIP table seat", price=Decimal(20000), capacity=40),
            NewTicketType(name="Student", price=Decimal(2500), capacity=60),
            NewTicketType(name="Press", price=Decimal(0), capacity=20, access_code=CODE_OF_PRESS),
        ),
    )
    codes = (
        NewPromoCode(code="EARLYBIRD", kind=DiscountKind.PERCENT, value=Decimal(20), max_uses=40),
        NewPromoCode(code="HIGHLIFE", kind=DiscountKind.FIXED, value=Decimal(500)),
    )
    return SampleEvent(
        name="jazz",
        new=new,
        picture_shows="A stage at night: beams of light above a dark crowd, and a golden disc.",
        codes=codes,
        on_sale_for=timedelta(days=34),
        shares=(0.62, 0.14, 0.19, 0.05),
        orders=112,
    )


def _fair(now: datetime) -> SampleEvent:
    """Ahead, and selling."""
    day = (now.astimezone(ZONE) + timedelta(days=13)).date()
    starts_at = datetime.combine(day, time(11), ZONE)
    new = NewEvent(
        title="Street Food Fair",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=10),
        time_zone=ZONE.key,
        location="Muri Okunola Park, Victoria Island",
        category="Food",
        description="Forty kitchens from Accra to Zanzibar: suya, jollof in all its schools, "
        "waakye, chapati and more puff-puff than anyone can eat.",
        price=Decimal(1500),
        currency=CURRENCY,
        refund_hours=24,
        reentry=True,
        ticket_types=(
            NewTicketType(name="Day pass", price=Decimal(1500), capacity=400),
            NewTicketType(name="Tasting pass with ten dishes", price=Decimal(9000), capacity=120),
            NewTicketType(name="Children", price=Decimal(0), capacity=150),
        ),
    )
    codes = (NewPromoCode(code="NEIGHBOUR", kind=DiscountKind.PERCENT, value=Decimal(15)),)
    return SampleEvent(
        name="food",
        new=new,
        picture_shows="Coloured flags and strings of lamps above the stalls of a market.",
        codes=codes,
        on_sale_for=timedelta(days=24),
        shares=(0.6, 0.25, 0.15),
        orders=64,
    )


def _workshop(now: datetime) -> SampleEvent:
    """Small, weeks ahead, and sold out."""
    day = (now.astimezone(ZONE) + timedelta(days=40)).date()
    starts_at = datetime.combine(day, time(9, 30), ZONE)
    new = NewEvent(
        title="Letters by Hand: a Workshop",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=7),
        time_zone=ZONE.key,
        location="Jazzhole, Awolowo Road, Ikoyi",
        category="Workshops",
        description="One day, twenty seats, one brush each. For beginners; paper, ink and "
        "lunch are included.",
        price=Decimal(18000),
        currency=CURRENCY,
        max_per_buyer=2,
        ticket_types=(NewTicketType(name="Seat", price=Decimal(18000), capacity=20),),
    )
    return SampleEvent(
        name="letters",
        new=new,
        picture_shows="Large round shapes and a brush stroke in paper colours.",
        codes=(),
        on_sale_for=timedelta(days=18),
        shares=(1.0,),
        orders=40,
    )

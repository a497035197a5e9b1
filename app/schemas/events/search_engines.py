"""Events as search engines read them on their pages, in JSON-LD."""

from typing import Any, Final

from app.domain.looks import OrganizationLook
from app.schemas.addresses import picture_url
from app.schemas.events.pictures import shown_image
from app.services.events.event_pages import EventPage, SaleState

_OFFERS: Final = {
    SaleState.ON_SALE: "https://schema.org/InStock",
    SaleState.NOT_YET: "https://schema.org/PreOrder",
    SaleState.SOLD_OUT: "https://schema.org/SoldOut",
    SaleState.CLOSED: "https://schema.org/Discontinued",
    SaleState.DRAFT: "https://schema.org/PreOrder",
    SaleState.PAUSED: "https://schema.org/OutOfStock",
}


def event_data(shown: EventPage, url: str) -> dict[str, Any]:
    """The event (schema.org/Event), whose page is at ``url``."""
    event = shown.event
    is_cancelled = event.cancelled_at is not None
    start, end = event.when.in_iso
    described = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.title,
        "url": url,
        "startDate": start,
        "endDate": end,
        "doorTime": shown.doors_open_at.isoformat() if shown.doors_open_at else None,
        "eventStatus": f"https://schema.org/Event{'Cancelled' if is_cancelled else 'Scheduled'}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": event.location, "address": event.location},
        "organizer": _organizer_data(event.look),
        "description": event.description,
        "image": [image] if (image := shown_image(event)) else None,
        "offers": [
            {
                "@type": "Offer",
                "name": each.listing.name,
                "price": str(each.price.major),
                "priceCurrency": each.price.currency,
                "availability": _OFFERS[each.state],
                "validFrom": each.opens_at.isoformat() if each.opens_at else None,
                "url": url,
            }
            for each in shown.types
        ],
    }
    return {name: value for name, value in described.items() if value is not None}


def _organizer_data(look: OrganizationLook) -> dict[str, Any]:
    """Who organizes an event (schema.org/Organization)."""
    logo = picture_url(look.logo.largest.name) if look.logo else None
    told = {"name": look.name, "email": look.contact_email, "logo": logo}
    return {"@type": "Organization"} | {name: value for name, value in told.items() if value}

"""The services of events and what is sold for them."""

from app.config import Settings
from app.http.services import EventServices
from app.services.events.announcements import AnnouncementService
from app.services.events.categories import CategoryService
from app.services.events.creators import EventCreators
from app.services.events.duplicates import DuplicateService
from app.services.events.event_life import EventLifeService
from app.services.events.event_pages import EventPageService
from app.services.events.event_pictures import EventPictureService
from app.services.events.events import EventService
from app.services.events.holder_messages import HolderMessageService
from app.services.events.pictures import PictureService
from app.services.events.promo_codes import PromoCodeService
from app.services.events.ticket_types import TicketTypeService
from app.wiring.adapters import Adapters


def event_services(outside: Adapters, settings: Settings) -> EventServices:
    database, clock = outside.database, outside.clock
    categories = CategoryService(database=database, clock=clock)
    pictures = PictureService(
        database=database,
        clock=clock,
        drawer=outside.picture_drawer,
        store=outside.picture_store,
    )
    return EventServices(
        events=EventService(
            database=database,
            clock=clock,
            creators=event_creators(settings),
            signal=outside.signal,
            calendars=outside.calendars,
        ),
        event_life=EventLifeService(database=database, clock=clock, signal=outside.signal),
        duplicates=DuplicateService(database=database, clock=clock),
        event_pages=EventPageService(
            database=database, clock=clock, categories=categories, qr=outside.qr
        ),
        categories=categories,
        event_pictures=EventPictureService(database=database, clock=clock, pictures=pictures),
        pictures=pictures,
        ticket_types=TicketTypeService(database=database),
        promo_codes=PromoCodeService(database=database),
        announcements=AnnouncementService(database=database, clock=clock),
        holder_messages=HolderMessageService(
            database=database,
            clock=clock,
            templates=outside.mail_templates,
            default_language=settings.default_language,
            public_url=settings.public_url or "",
            signal=outside.signal,
        ),
    )


def event_creators(settings: Settings) -> EventCreators:
    return EventCreators(anyone=settings.is_demo, confirmed=settings.anyone_may_sell)

"""The services of tickets."""

from app.config import Settings
from app.http.services import TicketServices
from app.services.tickets.reissues import ReissueService
from app.services.tickets.ticket_pages import TicketPageService
from app.services.tickets.ticket_versions import TicketVersions
from app.services.tickets.tickets import TicketService
from app.services.tickets.transfers import TransferService
from app.wiring.adapters import Adapters


def ticket_services(outside: Adapters, settings: Settings) -> TicketServices:
    database, clock = outside.database, outside.clock
    tickets = TicketService(
        database=database,
        signer=outside.signer,
        qr=outside.qr,
        pages=outside.pages,
        pictures=outside.picture_store,
        default_language=settings.default_language,
        clock=clock,
        apple=outside.apple_passes,
        google=outside.google_wallet,
    )
    versions = TicketVersions(ids=outside.ids, signer=outside.signer)
    return TicketServices(
        tickets=tickets,
        ticket_pages=TicketPageService(database=database, clock=clock),
        transfers=TransferService(
            database=database,
            clock=clock,
            ids=outside.ids,
            links=outside.links,
            versions=versions,
            signal=outside.signal,
        ),
        reissues=ReissueService(
            database=database, clock=clock, versions=versions, signal=outside.signal
        ),
    )

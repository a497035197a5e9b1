"""The services of organizations and of the figures of their events."""

from app.config import Settings
from app.http.services import OrganizerServices
from app.services.events.pictures import PictureService
from app.services.organizers.export_jobs import ExportJobService
from app.services.organizers.exports import ExportService
from app.services.organizers.invitations import InvitationService
from app.services.organizers.managed_events import ManagedEventService
from app.services.organizers.members import MemberService
from app.services.organizers.organizations import OrganizationService
from app.services.organizers.reports import ReportService
from app.wiring.adapters import Adapters
from app.wiring.areas.events import event_creators


def organizer_services(
    outside: Adapters, settings: Settings, *, pictures: PictureService
) -> OrganizerServices:
    database, clock = outside.database, outside.clock
    return OrganizerServices(
        organizations=OrganizationService(
            database=database,
            clock=clock,
            creators=event_creators(settings),
            pictures=pictures,
        ),
        members=MemberService(database=database, clock=clock),
        invitations=InvitationService(
            database=database,
            clock=clock,
            ids=outside.ids,
            links=outside.links,
            signal=outside.signal,
        ),
        managed_events=ManagedEventService(database=database, creators=event_creators(settings)),
        reports=ReportService(database=database),
        exports=ExportService(database=database),
        export_jobs=ExportJobService(
            database=database,
            clock=clock,
            files=outside.files,
            signal=outside.signal,
            keep=settings.keep_exports_for,
        ),
    )

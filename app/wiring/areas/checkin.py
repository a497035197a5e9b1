"""The services of gates."""

from app.config import Settings
from app.http.services import CheckinServices
from app.services.checkin.access import CheckInAccess
from app.services.checkin.attendees import AttendeeService
from app.services.checkin.check_ins import CheckInService
from app.services.checkin.devices import DeviceService
from app.services.checkin.manifests import ManifestService
from app.services.checkin.offline_scans import OfflineScanService
from app.services.checkin.scans import ScannedCodes
from app.services.checkin.staff import StaffService
from app.wiring.adapters import Adapters


def checkin_services(outside: Adapters, settings: Settings) -> CheckinServices:
    database, clock = outside.database, outside.clock
    codes = ScannedCodes(signer=outside.signer)
    access = CheckInAccess(clock=clock, rights_for=settings.door_rights_for)
    return CheckinServices(
        check_ins=CheckInService(database=database, clock=clock, codes=codes, access=access),
        offline_scans=OfflineScanService(
            database=database, clock=clock, codes=codes, access=access
        ),
        manifests=ManifestService(
            database=database,
            clock=clock,
            signer=outside.signer,
            boxes=outside.boxes,
            access=access,
        ),
        attendees=AttendeeService(database=database, clock=clock, access=access),
        staff=StaffService(database=database, clock=clock),
        devices=DeviceService(
            database=database, clock=clock, ids=outside.ids, qr=outside.qr, access=access
        ),
    )

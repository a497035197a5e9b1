"""The services of those who run the shop."""

from app.http.services import AdminServices, PaymentServices
from app.services.admins.attention import AttentionService
from app.services.admins.log import AdminLogService
from app.services.admins.records import AdminRecordService
from app.services.admins.searches import AdminSearchService
from app.wiring.adapters import Adapters


def admin_services(outside: Adapters, *, payments: PaymentServices) -> AdminServices:
    database, clock = outside.database, outside.clock
    log = AdminLogService(database=database, clock=clock)
    return AdminServices(
        admin_log=log,
        admin_search=AdminSearchService(database=database, log=log),
        admin_records=AdminRecordService(database=database, log=log),
        attention=AttentionService(
            database=database,
            clock=clock,
            settlement=payments.settlement,
            refund_desk=payments.refund_desk,
        ),
    )

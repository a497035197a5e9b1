"""Words of states and roles, which pages and mails show through the filter ``translated``."""

from typing import Final

from app.domain.languages import marked

ROLES: Final = (
    marked("owner"),
    marked("manager"),
    marked("finance"),
    marked("support"),
    marked("checker"),
)

EXPORTS: Final = (marked("orders"), marked("attendees"), marked("check-ins"), marked("ledger"))

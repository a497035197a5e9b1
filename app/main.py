"""What a server runs: `uvicorn app.main:app`."""

import structlog

from app.clients.logs import configure_logging
from app.config import ConfigurationError, read_settings, summary_of, warnings_of
from app.wiring.shop import build_app

settings = read_settings()
configure_logging(level=settings.log_level, as_json=settings.logs_json)
try:
    app = build_app(settings)
except ConfigurationError as error:
    raise SystemExit(f"The settings do not allow a start.\n  {error}") from None

log = structlog.get_logger(__name__)
log.info("starting", **summary_of(settings))
for warning in warnings_of(settings):
    log.warning(warning)

"""What a server runs: `uvicorn app.main:app`."""

import structlog

from app.clients.logs import configure_logging
from app.config import Settings
from app.wiring.shop import build_app

settings = Settings()
configure_logging(level=settings.log_level, as_json=settings.logs_json)
app = build_app(settings)
structlog.get_logger(__name__).info("starting", **settings.summary())

"""Everything that may differ between two installations."""

from app.config.announcing import summary_of, warnings_of
from app.config.fields import ConfigurationError, Environment
from app.config.reading import own_address, read_settings
from app.config.secret_files import demo_secret, sealed_text
from app.config.settings import Settings

__all__ = [
    "ConfigurationError",
    "Environment",
    "Settings",
    "demo_secret",
    "own_address",
    "read_settings",
    "sealed_text",
    "summary_of",
    "warnings_of",
]

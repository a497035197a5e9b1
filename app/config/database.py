"""Settings of the database."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings

from app.config.fields import Duration, OptionalText


class DatabaseSettings(BaseSettings):
    """Settings of the database."""

    database_url: OptionalText = Field(
        default=None,
        description="`postgresql://user:password@host/name` or `sqlite:///file`; absent: an SQLite "
        "file in `VAR_DIR`.",
    )
    database_pool_size: int = Field(
        default=10, ge=1, le=100, description="Database connections a worker process may open."
    )
    database_wait: Duration = Field(
        default=timedelta(seconds=5),
        description="How long a call waits for a connection or its turn to write.",
    )

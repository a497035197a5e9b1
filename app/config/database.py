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
    database_prepare: bool | None = Field(
        default=None,
        description="Whether PostgreSQL keeps statements prepared, which halves the time of a "
        "sale; `false` behind a pooler in transaction mode, where it is wrong; default: no. "
        "`?prepare_threshold=` in the URL goes before it.",
    )
    database_statement_limit: Duration = Field(
        default=timedelta(seconds=4),
        description="How long PostgreSQL works on, or waits with, one statement of a transaction "
        "that writes.",
    )
    database_idle_limit: Duration = Field(
        default=timedelta(seconds=5),
        description="When PostgreSQL ends a transaction whose process does nothing; longer than "
        "the limit of a statement.",
    )
    database_answer_limit: Duration = Field(
        default=timedelta(seconds=10),
        description="How long a call waits for PostgreSQL's answer to one statement before it "
        "gives up the connection; longer than the idle limit.",
    )
    database_call_limit: Duration = Field(
        default=timedelta(seconds=30),
        description="How long after its arrival a call still waits for PostgreSQL, in all.",
    )
    database_wait: Duration = Field(
        default=timedelta(seconds=5),
        description="How long a call waits for a connection or its turn to write.",
    )

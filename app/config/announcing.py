"""What a starting shop says of its settings."""

import sqlite3
from collections.abc import Iterator

from app.config.settings import Settings


def summary_of(settings: Settings) -> dict[str, str]:
    """What the start-up line says; never a secret."""
    return {
        "environment": str(settings.environment),
        "database": f"{settings.database} (SQLite {sqlite3.sqlite_version})"
        if settings.uses_sqlite
        else "PostgreSQL",
        "paystack": "simulated in this process" if settings.uses_mock else settings.paystack_url,
        "mail": "SMTP" if settings.smtp_url else str(settings.var_dir / "mail"),
    }


def warnings_of(settings: Settings) -> Iterator[str]:
    """What the operator should know at the start, in words."""
    if settings.is_demo:
        yield (
            "DEMO: anyone may create events, no real money moves, secrets are kept in "
            f"{settings.var_dir}/. Set ENVIRONMENT=production to sell."
        )
        return
    if settings.uses_sqlite:
        # Versions of SQLite before 3.51.3 have a rare bug besides, see docs/operations.md.
        yield (
            f"Orders are kept in a file, {settings.database}: be sure that it outlives a new "
            "deployment. DATABASE_URL=postgresql://… is the safer choice for paid events."
        )
    elif settings.database_prepare is None:
        yield (
            "DATABASE_PREPARE is not set: set it to true if DATABASE_URL leads to PostgreSQL "
            "itself, which makes sales twice as fast, and to false if it leads to a pooler."
        )
    if settings.s3_bucket_url is None:
        folder = settings.pictures_folder or settings.var_dir / "pictures"
        yield (
            f"Uploaded pictures are kept in {folder}/: be sure that it outlives a new deployment "
            "and that all hosts share it, or set S3_BUCKET_URL."
        )
    if settings.trusted_proxies is None:
        yield (
            "TRUSTED_PROXIES is not set: say how many proxies stand before the shop (0: none). "
            "Until then wrong passwords and registrations that come through one are not counted "
            "by the client's network."
        )
    if settings.smtp_url is None:
        yield (
            f"No SMTP_URL is set: mail is written to {settings.var_dir / 'mail'}/, where no buyer "
            "looks."
        )

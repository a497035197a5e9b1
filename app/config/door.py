"""Settings of the door: how long staff and scanners keep their rights."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings

from app.config.fields import Duration


class DoorSettings(BaseSettings):
    """Settings of the door: how long staff and scanners keep their rights."""

    door_rights_for: Duration = Field(
        default=timedelta(days=3),
        description="How long after an event its staff and scanners may still check in, upload "
        "offline scans, and see who came. Its organizer always may.",
    )

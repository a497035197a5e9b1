"""How often something may be tried, as the settings say."""

from datetime import timedelta
from typing import Final

from app.config import Settings
from app.domain.attempts import AttemptLimit
from app.services.sessions import LoginLimits

FIRST_PAUSE: Final = timedelta(seconds=1)
HOUR: Final = timedelta(hours=1)


def login_limits(settings: Settings) -> LoginLimits:
    """Of wrong passwords."""
    return LoginLimits(
        of_account=AttemptLimit(
            free=settings.login_attempts, window=settings.login_window, first_pause=FIRST_PAUSE
        ),
        of_address=AttemptLimit(
            free=settings.login_attempts_from_address, window=HOUR, first_pause=FIRST_PAUSE
        ),
        refresh_life=settings.refresh_token_life,
        login_life=settings.login_life,
    )


def registration_limit(settings: Settings) -> AttemptLimit:
    """Of accounts that are opened from one address."""
    return AttemptLimit(
        free=settings.registrations_from_address, window=HOUR, first_pause=FIRST_PAUSE
    )

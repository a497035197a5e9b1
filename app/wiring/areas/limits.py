"""How often, how many and how long, as the settings say."""

from datetime import timedelta
from typing import Final

from app.config import Settings
from app.domain.orders.hold_limits import HoldLimits
from app.domain.users.attempts import AttemptLimit
from app.services.operations.retention import Keep
from app.services.users.password_checks import PasswordChecks
from app.services.users.sessions import LoginLimits
from app.wiring.adapters import Adapters

FIRST_PAUSE: Final = timedelta(seconds=1)
HOUR: Final = timedelta(hours=1)


def login_limits(settings: Settings) -> LoginLimits:
    return LoginLimits(
        of_account=AttemptLimit(
            free=settings.login_attempts, window=settings.login_window, first_pause=FIRST_PAUSE
        ),
        of_address=AttemptLimit(
            free=settings.login_attempts_from_address, window=HOUR, first_pause=FIRST_PAUSE
        ),
        login_life=settings.login_life,
    )


def password_checks(outside: Adapters, settings: Settings) -> PasswordChecks:
    """Checks of current passwords, with as many wrong ones of an account as at login."""
    return PasswordChecks(
        database=outside.database,
        clock=outside.clock,
        hasher=outside.hasher,
        limit=AttemptLimit(
            free=settings.login_attempts, window=settings.login_window, first_pause=FIRST_PAUSE
        ),
    )


def registration_limit(settings: Settings) -> AttemptLimit:
    return AttemptLimit(
        free=settings.registrations_from_address, window=HOUR, first_pause=FIRST_PAUSE
    )


def checkout_limit(settings: Settings) -> AttemptLimit:
    return AttemptLimit(free=settings.checkouts_from_address, window=HOUR, first_pause=FIRST_PAUSE)


def hold_limits(settings: Settings) -> HoldLimits:
    return HoldLimits(
        orders=settings.unpaid_orders,
        places=settings.unpaid_places,
        unconfirmed_places=settings.unconfirmed_places,
        free_places=settings.free_places,
        pause=settings.lapse_pause,
        hold_for=settings.hold_for,
    )


def kept_for(settings: Settings) -> Keep:
    return Keep(
        webhooks=settings.keep_webhooks_for,
        messages=settings.keep_messages_for,
        logins=settings.keep_logins_for,
        offers=settings.keep_offers_for,
        admin_actions=settings.keep_admin_actions_for,
    )

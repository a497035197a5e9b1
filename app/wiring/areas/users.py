"""The services of accounts and logins."""

from app.config import Settings
from app.domain.users.passwords import MOST_COMMON, CommonPasswords
from app.http.services import UserServices
from app.services.users.account_deletion import AccountDeletionService
from app.services.users.account_requests import AccountRequestService
from app.services.users.accounts import AccountControlService
from app.services.users.email_changes import EmailChangeService
from app.services.users.guest_claims import GuestClaims
from app.services.users.kept_forms import KeptFormService
from app.services.users.logins.new_logins import NewLogins
from app.services.users.logins.second_steps import SecondSteps
from app.services.users.logins.sign_in_links import SignInLinkService
from app.services.users.logins.two_step import TwoStepService
from app.services.users.mailed_requests import MailedRequests
from app.services.users.sessions import SessionService
from app.services.users.users import UserService
from app.wiring.adapters import Adapters
from app.wiring.areas.limits import login_limits, password_checks, registration_limit


def user_services(outside: Adapters, settings: Settings) -> UserServices:
    database, clock = outside.database, outside.clock
    refused_passwords = CommonPasswords(() if settings.is_demo else MOST_COMMON)
    requests, claims = MailedRequests(outside.links), GuestClaims(database=database)
    logins = NewLogins(
        ids=outside.ids, tokens=outside.tokens, refresh_life=settings.refresh_token_life
    )
    second_steps = SecondSteps(
        database=database, clock=clock, box=outside.secrets, logins=logins, claims=claims
    )
    return UserServices(
        users=UserService(
            database=database,
            clock=clock,
            hasher=outside.hasher,
            refused_passwords=refused_passwords,
            registrations=registration_limit(settings),
            passwords=password_checks(outside, settings),
        ),
        account_requests=AccountRequestService(
            database=database,
            clock=clock,
            hasher=outside.hasher,
            requests=requests,
            refused_passwords=refused_passwords,
            claims=claims,
            signal=outside.signal,
        ),
        email_changes=EmailChangeService(
            database=database, clock=clock, requests=requests, signal=outside.signal
        ),
        account_control=AccountControlService(database=database, clock=clock),
        sessions=SessionService(
            database=database,
            clock=clock,
            hasher=outside.hasher,
            tokens=outside.tokens,
            limits=login_limits(settings),
            logins=logins,
            second_steps=second_steps,
            claims=claims,
        ),
        second_steps=second_steps,
        two_step=TwoStepService(
            database=database,
            clock=clock,
            ids=outside.ids,
            box=outside.secrets,
            qr=outside.qr,
            passwords=password_checks(outside, settings),
            steps=second_steps,
            signal=outside.signal,
        ),
        sign_in_links=SignInLinkService(
            database=database,
            clock=clock,
            requests=requests,
            logins=logins,
            second_steps=second_steps,
            claims=claims,
            signal=outside.signal,
        ),
        kept_forms=KeptFormService(clock=clock, box=outside.secrets),
        account_deletion=AccountDeletionService(
            database=database,
            clock=clock,
            ids=outside.ids,
            passwords=password_checks(outside, settings),
        ),
    )

"""The page between password and session, for accounts that sign in in two steps."""

from fastapi import APIRouter, Request, Response

from app.domain.errors import AccountDisabled, LinkInvalid, TooMany, TotpWrong, WrongCredentials
from app.domain.languages import marked
from app.domain.users.client_kinds import client_kind_of
from app.http.browsers.sessions import FormFields, PageRoute
from app.http.dependencies import Client, ServicesDep
from app.http.problems import status_of
from app.http.security_log import log_refusal
from app.pages.forms import WHOLE, mistakes_in
from app.pages.users.signing_in import ask_for_code, ask_for_password, go_on

router = APIRouter(prefix="/sign-in/code", include_in_schema=False, route_class=PageRoute)

TOO_LONG_AGO = marked("That took too long. Sign in again.")
LONGEST = 128


@router.post("")
def sign_in_with_code(
    request: Request, client: Client, services: ServicesDep, form: FormFields
) -> Response:
    """Start the session, which replaces the one the browser had."""
    try:
        pair = services.second_steps.sign_in(
            step=form.get("step", ""),
            code=form.get("totp", "")[:LONGEST],
            client=client,
            client_kind=client_kind_of(request.headers.get("user-agent")),
        )
    except (TotpWrong, TooMany) as refusal:
        log_refusal(request, refusal)
        told = mistakes_in(refusal, ("totp",))
        return ask_for_code(form, told, status=status_of(type(refusal)))
    except (LinkInvalid, WrongCredentials):
        return ask_for_password(form, {WHOLE: TOO_LONG_AGO}, status=401)
    except AccountDisabled as refusal:
        return ask_for_password(form, mistakes_in(refusal, ()), status=status_of(type(refusal)))
    return go_on(request, services, pair, form)

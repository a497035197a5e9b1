"""The page between password and session, for accounts that sign in in two steps."""

from fastapi import Request, Response

from app.domain.errors import AccountDisabled, LinkInvalid, TooMany, TotpWrong, WrongCredentials
from app.domain.languages import marked
from app.domain.users.sessions import client_kind_of
from app.http.browsers.sessions import FormFields
from app.http.dependencies import Client, ServicesDep
from app.http.security_log import log_refusal
from app.pages.forms import WHOLE, Mistakes, mistakes_in
from app.pages.rendering import PageRouter
from app.pages.users.signing_in import ask_for_code, ask_for_password, go_on

router = PageRouter("/sign-in/code")

TOO_LONG_AGO = Mistakes({WHOLE: marked("That took too long. Sign in again.")}, 401)
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
        return ask_for_code(form, mistakes_in(refusal, ("totp",)))
    except (LinkInvalid, WrongCredentials):
        return ask_for_password(form, TOO_LONG_AGO)
    except AccountDisabled as refusal:
        return ask_for_password(form, mistakes_in(refusal))
    return go_on(request, services, pair, form)

"""A mail for people who forgot their password; its link leads to ``/account/reset``."""

from fastapi import Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import TooManyMails
from app.domain.languages import marked
from app.http.browsers.sessions import FormFields
from app.http.dependencies import Client, ServicesDep
from app.http.security_log import log_refusal
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.rendering import PageRouter, page
from app.schemas.users.users import PasswordResetRequest

router = PageRouter("/account/forgotten")


@router.get("")
def ask_for_address() -> HTMLResponse:
    """A form for the address of the account."""
    return _form({})


@router.post("")
def request_reset(
    request: Request, client: Client, services: ServicesDep, form: FormFields
) -> HTMLResponse:
    """Mail the link, if an account has this address; the page is the same if none has."""
    try:
        wanted = PasswordResetRequest(email=form.get("email", ""))
        services.account_requests.request_reset(email=wanted.email, client=client)
    except (ValidationError, TooManyMails) as refusal:
        log_refusal(request, refusal)
        return _form(form, mistakes_in(refusal, ("email",)))
    return page(
        "account_done.html",
        heading=marked("Look into your mailbox."),
        advice=marked(
            "If the address belongs to an account, a mail is on its way. Its link sets a new "
            "password, and is good for an hour."
        ),
    )


def _form(values: dict[str, str], mistakes: Mistakes = NO_MISTAKES) -> HTMLResponse:
    return page("forgotten_password.html", mistakes=mistakes, has_form=True, values=values)

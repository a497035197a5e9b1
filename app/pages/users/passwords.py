"""A form that sets another password."""

from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Invalid, TooMany, WrongPassword
from app.domain.languages import marked
from app.http.browsers.sessions import (
    BrowserSession,
    FormFields,
    SendingBrowser,
    SignedInBrowser,
    delete_cookie,
)
from app.http.concurrency_limit import hashes_passwords
from app.http.dependencies import ServicesDep
from app.http.security_log import log_refusal
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.rendering import PageRouter, page
from app.schemas.users.users import PasswordChange

router = PageRouter("/account/password")

FIELDS: Final = ("current_password", "new_password")
NOT_THE_SAME: Final = Mistakes({"again": marked("The two new passwords are not the same.")}, 422)


@router.get("")
def ask_for_password(session: SignedInBrowser) -> HTMLResponse:
    """A form for the present and the new password."""
    return _form(session)


@router.post("")
@hashes_passwords
def change_password(
    request: Request, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Set the new password; every login ends, this one, too."""
    if form.get("new_password") != form.get("again"):
        return _form(session, NOT_THE_SAME)
    try:
        wanted = PasswordChange(**{name: form.get(name, "") for name in FIELDS})
        services.users.change_password(
            user_id=session.user.id, current=wanted.current_password, new=wanted.new_password
        )
    except (ValidationError, WrongPassword, Invalid, TooMany) as refusal:
        log_refusal(request, refusal)
        return _form(session, mistakes_in(refusal, FIELDS))
    answer = page(
        "account_done.html",
        is_signed_in=False,
        heading=marked("Your new password is set."),
        advice=marked("All devices are logged out. Log in with the new password from now on."),
    )
    delete_cookie(request, answer)
    return answer


def _form(session: BrowserSession, mistakes: Mistakes = NO_MISTAKES) -> HTMLResponse:
    """The form; passwords are typed anew."""
    return page("change_password.html", session=session, mistakes=mistakes)

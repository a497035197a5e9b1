"""Who is on a page of the back office: an admin who is signed in with a browser."""

from typing import Annotated

from fastapi import Depends

from app.http.browsers.sessions import BrowserSession, SendingBrowser, SignedInBrowser
from app.http.refusals import PathNotFound


def admin_browser(session: SignedInBrowser) -> BrowserSession:
    """The admin who is signed in.

    Raises:
        SignInNeeded: no account is signed in.
        PathNotFound: the account is no admin.
    """
    if not session.user.actor.is_admin:
        raise PathNotFound
    return session


AdminBrowser = Annotated[BrowserSession, Depends(admin_browser)]


def sending_admin(_: AdminBrowser, session: SendingBrowser) -> BrowserSession:
    """The admin who sends a form of their own session; others learn nothing of it.

    Raises:
        SignInNeeded: no account is signed in.
        PathNotFound: the account is no admin.
        FormNotOurs: the form has not this session's proof.
    """
    return session


SendingAdmin = Annotated[BrowserSession, Depends(sending_admin)]

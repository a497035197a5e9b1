"""Sample events in the console of a demo: a button makes them, a page tells how far they are."""

from typing import Final

from fastapi import Request, Response

from app.domain.errors import SamplesRefused
from app.http.browsers.samples import samples_of
from app.http.browsers.sessions import SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.pages.rendering import PageRouter, page, see

router = PageRouter("/manage/samples")

LOOKS_AGAIN_AFTER: Final = 2
"""Seconds until the page that waits is loaded anew."""
SHOWN: Final = 10


@router.post("")
def make_samples(request: Request, session: SendingBrowser) -> Response:
    """Begin, and wait; a button that is pressed twice begins once."""
    maker = samples_of(request)
    if maker is None:
        raise SamplesRefused
    maker.begin(session.user)
    return see("/manage/samples")


@router.get("")
def wait_for_samples(request: Request, session: SignedInBrowser, services: ServicesDep) -> Response:
    """What is sold so far, again and again; once they are made, the console."""
    maker = samples_of(request)
    if maker is None or not maker.is_making(session.user.id):
        return see("/manage")
    found = services.managed_events.page(organizer=session.user, after=None, limit=SHOWN)
    answer = page("manage_samples.html", session=session, found=found)
    answer.headers["Refresh"] = str(LOOKS_AGAIN_AFTER)
    return answer

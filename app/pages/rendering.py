"""Pages for people: their routes, how they are made from templates, and the way to another."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, status
from fastapi.responses import HTMLResponse, RedirectResponse

from app.http.browsers.languages import other_languages, speak_to_reader
from app.http.browsers.sessions import BrowserSession, PageRoute, brings_session
from app.http.dependencies import ROOT_PATH
from app.pages.forms import NO_MISTAKES, Mistakes
from app.texts.templates import environment

TEMPLATES: Final = environment(Path(__file__).with_name("templates"))

_POLICY: Final = (
    "default-src 'none'; {scripts}{calls}img-src {images}; style-src 'self'; "
    "base-uri 'none'; form-action {forms}; frame-ancestors {frames}"
)

_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]{1,253}(?::[0-9]{1,5})?|https?://\[[0-9a-f:.]+\]")
"""What may stand in a policy as the place of a picture."""


class PageRouter(APIRouter):
    """Routes of pages with forms, which are no part of the API's description."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__(prefix=prefix, include_in_schema=False, route_class=PageRoute)


def picture_path(name: str) -> str:
    """Where the shop's own pages find the file of a picture."""
    return f"{ROOT_PATH.get()}/pictures/{name}"


TEMPLATES.filters.update(picture_path=picture_path)


def page(
    template: str,
    *,
    status: int | None = None,
    session: BrowserSession | None = None,
    mistakes: Mistakes = NO_MISTAKES,
    has_form: bool = False,
    is_embeddable: bool = False,
    has_plots: bool = False,
    is_live: bool = False,
    pictures: Sequence[str] = (),
    colour: str | None = None,
    **values: object,
) -> HTMLResponse:
    """A page for people. It loads from elsewhere only pictures named here.

    It runs no script unless it has plots or is live, and then files of the shop only.

    ``root_path`` in a template is what the shop's own paths begin with; ``is_signed_in`` decides
    what the top of a public page offers. It holds no proof of the session: public pages are
    compressed.

    Args:
        template: its file in ``templates/``.
        status: the status of the answer; ``None``: that of the mistakes, which is 200 without any.
        session: who is signed in, if the page is for them; it has forms.
        mistakes: what is wrong with the form that was sent.
        has_form: whether it has a form, which then goes to this shop only.
        is_embeddable: whether pages of others may show it in a frame.
        has_plots: whether a script draws the numbers of its tables.
        is_live: whether a script keeps its counts up to date, by asking this shop.
        pictures: addresses of pictures that lie elsewhere.
        colour: of the organization whose page it is, such as ``#1a5fb4``; ``None``: the shop's own.
        values: what the template shows.
    """
    shared: dict[str, object] = {
        "root_path": ROOT_PATH.get(),
        "other_languages": other_languages(),
        "colour": colour,
        "mistakes": mistakes.by_field,
        "is_signed_in": session is not None or brings_session(),
    }
    if session is not None:
        shared["session"] = session
    content = TEMPLATES.get_template(template).render(shared | values)
    policy = _POLICY.format(
        scripts="script-src 'self'; " if has_plots or is_live else "",
        calls="connect-src 'self'; " if is_live else "",
        images=" ".join(["'self'", "data:", *_origins(pictures)]),
        forms="'self'" if has_form or session is not None else "'none'",
        frames="*" if is_embeddable else "'none'",
    )
    answer = HTMLResponse(content, status or mistakes.status, {"Content-Security-Policy": policy})
    speak_to_reader(answer)
    return answer


def see(path: str) -> RedirectResponse:
    """Go on to a page of this shop, as after a form was sent."""
    return RedirectResponse(ROOT_PATH.get() + path, status.HTTP_303_SEE_OTHER)


def _origins(addresses: Sequence[str]) -> list[str]:
    """Where these lie, each once; what is no plain origin is left out, and not loaded."""
    parts = [urlsplit(address) for address in addresses]
    origins = {f"{part.scheme}://{part.netloc}".lower() for part in parts}
    return sorted(origin for origin in origins if _ORIGIN.fullmatch(origin))

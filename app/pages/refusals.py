"""Refusals for people: what a browser shows in place of a problem, and what each kind means."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path as File
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from app.domain.errors import NotFound, TicketingError, TooMany, Unavailable
from app.domain.languages import marked
from app.http.problems import status_of
from app.http.refusals import InternalError, PathNotFound
from app.pages.rendering import page
from app.texts.catalogue import told

router = APIRouter(include_in_schema=False)

_DOCUMENT: Final = File(__file__).parents[2] / "docs" / "errors.md"
_ROW: Final = re.compile(
    r"^\| `([a-z0-9-]{1,64})` \| (\d{3}) \| ([^|\n]{1,500}) \| ([^|\n]{1,1000}) \|$", re.MULTILINE
)
_CODE: Final = re.compile(r"`([^`\n]{1,200})`")

NO_PAGE: Final = marked("Nothing is at this address: the link may be old, or not complete.")

_LOOKS_AGAIN_AFTER: Final = 10
"""Seconds, at least, after which a page reloads."""


def refusal_page(request: Request, refusal: TicketingError, *, detail: str) -> HTMLResponse:
    """What a person sees in place of the problem, with a way on."""
    if isinstance(refusal, PathNotFound):
        detail = NO_PAGE
    passes = isinstance(refusal, Unavailable | TooMany | InternalError)
    again = passes and request.method == "GET"
    answer = page(
        "refusal.html",
        status=status_of(type(refusal)),
        badge=_badge(refusal),
        mark="wait" if isinstance(refusal, Unavailable | TooMany) else "bad",
        heading=told(refusal.title).replace("`", ""),
        detail=detail,
        again_url=str(request.url.replace(scheme="", netloc="")) if again else None,
        may_repeat=passes and not again,
    )
    if again and isinstance(refusal, Unavailable):
        wait = max(int(refusal.retry_after.total_seconds()), _LOOKS_AGAIN_AFTER)
        answer.headers["Refresh"] = str(wait)
    return answer


def _badge(refusal: TicketingError) -> str:
    match refusal:
        case Unavailable() | TooMany():
            return marked("Please wait")
        case NotFound():
            return marked("Not found")
        case InternalError():
            return marked("Our mistake")
    return marked("Not possible")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What docs/errors.md tells of a code."""

    status: str
    meaning: Markup
    advice: Markup


@router.get("/problems/{code}")
def problem_kind(
    request: Request, code: Annotated[str, Path(max_length=64, pattern="^[a-z0-9-]+$")]
) -> HTMLResponse:
    """What a refusal means and what to do; its ``type`` leads here."""
    found = _explanations().get(code)
    if found is None:
        refusal = PathNotFound()
        return refusal_page(request, refusal, detail=marked("There is no refusal of this name."))
    return page("problem.html", code=code, explanation=found)


@cache
def _explanations() -> dict[str, Explanation]:
    text = _DOCUMENT.read_text(encoding="utf-8")
    return {
        code: Explanation(status, _marked_up(meaning), _marked_up(advice))
        for code, status, meaning, advice in _ROW.findall(text)
    }


def _marked_up(text: str) -> Markup:
    return Markup(_CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S704  (escaped before)

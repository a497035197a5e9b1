"""Makes pages for people from templates."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.money import Money
from app.http.dependencies import ROOT_PATH

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_POLICY: Final = (
    "default-src 'none'; img-src {images}; style-src 'self'; "
    "base-uri 'none'; form-action {forms}; frame-ancestors {frames}"
)

_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]{1,253}(?::[0-9]{1,5})?|https?://\[[0-9a-f:.]+\]")
"""What may stand in a policy as the place of a picture."""


def moment(at: datetime) -> str:
    """As in ``Saturday, 1 June 2030, 19:00 (WAT)``."""
    return f"{at:%A}, {at.day} {at:%B %Y, %H:%M (%Z)}"


def short_moment(at: datetime) -> str:
    """As in ``Sat 1 Jun 2030, 19:00``."""
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M}"


def clock_time(at: datetime) -> str:
    """As in ``Sat 1 Jun, 19:15 WAT``; the zone tells the two hours apart when clocks go back."""
    return f"{at:%a} {at.day} {at:%b, %H:%M %Z}"


def same_day(at: datetime, other: datetime) -> str:
    """The time alone where both moments are on one day."""
    return f"{at:%H:%M (%Z)}" if at.date() == other.date() else moment(at)


def price(money: Money) -> str:
    """As in ``₦2,500``, or ``Free``."""
    return "Free" if money.is_free else money.as_people_write.removesuffix(".00")


_TEMPLATES.filters.update(
    moment=moment,
    short_moment=short_moment,
    clock_time=clock_time,
    same_day=same_day,
    price=price,
)


def page(
    template: str,
    *,
    status: int = 200,
    has_form: bool = False,
    is_embeddable: bool = False,
    pictures: Sequence[str] = (),
    **values: object,
) -> HTMLResponse:
    """A page for people. It runs no script, and loads from elsewhere only pictures named here.

    ``root_path`` in a template is what the shop's own paths begin with.

    Args:
        template: its file in ``templates/``.
        status: the status of the answer.
        has_form: whether it has a form, which then goes to this shop only.
        is_embeddable: whether pages of others may show it in a frame.
        pictures: addresses of pictures that lie elsewhere.
        values: what the template shows.
    """
    content = _TEMPLATES.get_template(template).render(root_path=ROOT_PATH.get(), **values)
    policy = _POLICY.format(
        images=" ".join(["'self'", "data:", *_origins(pictures)]),
        forms="'self'" if has_form else "'none'",
        frames="*" if is_embeddable else "'none'",
    )
    return HTMLResponse(content, status, {"Content-Security-Policy": policy})


def _origins(addresses: Sequence[str]) -> list[str]:
    """Where these lie, each once; what is no plain origin is left out, and not loaded."""
    parts = [urlsplit(address) for address in addresses]
    origins = {f"{part.scheme}://{part.netloc}".lower() for part in parts}
    return sorted(origin for origin in origins if _ORIGIN.fullmatch(origin))

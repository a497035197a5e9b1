"""Puts routers, pages and refusals together into one app."""

import gc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from app.config import ConfigurationError
from app.domain.languages import Language
from app.domain.ports import IdGenerator
from app.http.browsers.samples import SampleMaker
from app.http.browsers.sessions import FormOfBefore, SignInNeeded
from app.http.concurrency_limit import ConcurrencyLimits, Place, place_of
from app.http.dependencies import Addresses
from app.http.middleware import FrontDoor
from app.http.openapi.described_app import DescribedApp
from app.http.problems import answer_with_problems
from app.http.representations.static_files import CachedFiles
from app.http.services import Services
from app.http.uploads import FORM_BYTES
from app.pages.all_pages import BEFORE_THE_API, PAGES
from app.pages.refusals import refusal_page
from app.pages.users.signing_in import to_send_again, to_sign_in
from app.routers.all_routers import ROUTERS
from app.routers.checkin.live_counts import STREAM_FOR, LiveCounts
from app.schemas.checkin.check_ins import CountsOut

THREADS: Final = 100
"""Calls served at once. At most 50 of them wait for Paystack (see Bulkhead), so half are free."""

STATIC: Final = "/static"

ALL_ROUTERS: Final = (*BEFORE_THE_API, *ROUTERS, *PAGES)
"""Routes are tried in turn, and each before the right one costs a call about a microsecond of
computing: the API comes before the pages.
"""

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_SENT_HEADERS: Final = (
    *("Authorization", "Content-Type"),
    *("Idempotency-Key", "If-Match", "If-None-Match", "X-Request-ID"),
)
_READ_HEADERS: Final = (
    *("ETag", "Idempotent-Replayed", "Link", "Location"),
    *("Retry-After", "WWW-Authenticate", "X-Request-ID"),
)
"""What pages of other sites may send besides, and read."""

DESCRIPTION: Final = """
Sell tickets for events, take the money through Paystack, hand out QR-code tickets.

**Try it in this order**: *Register an account*, then **Authorize** with it, *Create an event*,
*Buy a ticket*, *Verify a payment* with the `reference`, and *Show a ticket's QR code*.

Money in answers is in minor units (kobo, cents; XOF, which is paid in whole francs, times 100),
`ticket_price` in major units. Moments are UTC. Lists come in pages, linked by the header `Link`.
Refusals are `application/problem+json` (RFC 9457) with a stable `code`; `X-Request-ID` is on all.
"""

TAGS: Final = [
    {"name": "users", "description": "Accounts, and logging in."},
    {"name": "events", "description": "What is on."},
    {"name": "orders", "description": "Hold, pay and refund tickets, several at once."},
    {"name": "payments", "description": "Buying tickets."},
    {"name": "tickets", "description": "What was bought."},
    {"name": "organizations", "description": "Who runs events together."},
    {"name": "door", "description": "Checking tickets: staff, scanners, check-ins."},
    {"name": "admin", "description": "For those who run the shop and help its users."},
    {"name": "health", "description": "For the operator of the shop."},
    {"name": "passwords", "description": "Last, as it ends every login: authorize anew then."},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDefaults:
    """What an event is taken to mean that does not say."""

    time_zone: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppParts:
    """What the app is made of."""

    services: Services
    ids: IdGenerator
    event_defaults: EventDefaults
    place_within: timedelta = timedelta(seconds=5)
    """How long a call waits for a place of the concurrency limit."""
    picture_bytes: int = 10 * 1024 * 1024
    """How large an uploaded picture may be."""
    upload_grace: timedelta = timedelta(seconds=15)
    """How far behind the slowest rate an upload may fall."""
    call_limit: timedelta = timedelta(seconds=30)
    """How long after its arrival a call still waits for the database."""
    public_url: str | None = None
    default_language: Language = Language.ENGLISH
    """What pages are in for people whose browser asks for no language we have."""
    allowed_origins: Sequence[str] = ()
    """Sites whose pages may call from a browser; ``*`` for any."""
    trusted_proxies: int | None = None
    """How many proxies' word on the client's address is believed; ``None``: not told."""
    stream_for: timedelta = STREAM_FOR
    """How long one call streams attendance counts."""
    samples: SampleMaker | None = None
    """What fills the console of a demo; ``None``: nothing does."""
    mounts: Sequence[tuple[str, ASGIApp]] = ()
    running: Sequence[Callable[[], AbstractContextManager[object]]] = ()
    """What runs as long as the app does, in order of starting."""


def create_app(parts: AppParts) -> FastAPI:
    """The app, ready for a server."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        with ExitStack() as stack:
            for start in parts.running:
                await anyio.to_thread.run_sync(stack.enter_context, start())
            # What is here now stays until the end, so no collection needs to look through it again:
            # in three alternating runs the p99 of a read was 7 to 18 % lower by that.
            gc.collect()
            gc.freeze()
            yield
            await anyio.to_thread.run_sync(stack.close)

    root_path = urlsplit(parts.public_url or "").path
    app = DescribedApp(
        title="Event Ticketing System API",
        version=_version(),
        description=DESCRIPTION,
        openapi_tags=TAGS,
        servers=[{"url": root_path or "/", "description": "This shop"}],
        contact={"name": "The Event Ticketing System API contributors"},
        license_info={"name": "MIT", "identifier": "MIT"},
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.services = parts.services
    app.state.limits = ConcurrencyLimits(within=parts.place_within)
    app.state.public_url = parts.public_url
    app.state.default_language = parts.default_language
    app.state.trusted_proxies = parts.trusted_proxies
    app.state.picture_bytes = parts.picture_bytes
    app.state.upload_grace = parts.upload_grace
    app.state.samples = parts.samples
    app.state.event_defaults = parts.event_defaults
    app.state.live_counts = LiveCounts(
        lambda event_id: (
            CountsOut.model_validate(parts.services.attendees.current_counts(event_id))
            .model_dump_json()
            .encode()
        ),
        stream_for=parts.stream_for,
    )
    for router in ALL_ROUTERS:
        # One list of routes: `include_router` would try a router, then its routes once more, which
        # made up 8 % of reading an event.
        app.router.routes.extend(router.routes)
    app.mount(STATIC, CachedFiles(directory=Path(__file__).with_name("static")))
    for path, mounted in parts.mounts:
        app.mount(path, mounted)
    answer_with_problems(app, refusal_page)
    app.add_exception_handler(SignInNeeded, to_sign_in)
    app.add_exception_handler(FormOfBefore, to_send_again)
    paths = [*(route.path for route in _routes()), STATIC, *(path for path, _ in parts.mounts)]
    _ensure_apart(root_path, paths)
    slashed = [path for path in paths if path.endswith("/")]
    app.user_middleware += [
        *_cross_origin(parts.allowed_origins),
        Middleware(
            FrontDoor,
            ids=parts.ids,
            addresses=Addresses(public_url=parts.public_url, slashed=slashed),
            call_limit=parts.call_limit,
            uploads=[
                route.path_regex
                for route in _routes()
                if place_of(route.endpoint, route.methods) is Place.UPLOAD
            ],
            upload_bytes=parts.picture_bytes + FORM_BYTES,
            trusted_proxies=parts.trusted_proxies,
            is_secure=(parts.public_url or "").startswith("https://"),
        ),
    ]
    return app


def _routes() -> Iterator[APIRoute]:
    for router in ALL_ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield route


def _cross_origin(origins: Sequence[str]) -> Iterator[Middleware]:
    """Let pages of these sites call (CORS). The API knows no cookies, so none is allowed."""
    if origins:
        yield Middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_SENT_HEADERS,
            expose_headers=_READ_HEADERS,
        )


def _ensure_apart(root_path: str, paths: Sequence[str]) -> None:
    """Refuse to be below a path that could be one of the shop's own.

    Raises:
        ConfigurationError: it begins as one of those does.
    """
    firsts = {path.split("/")[1] for path in paths}
    if root_path and root_path.split("/")[1] in firsts:
        raise ConfigurationError(
            f"The path of PUBLIC_URL, {root_path}, begins like one of the shop's own. "
            "Put the shop below another one, such as /shop."
        )


def _version() -> str:
    try:
        return version("event-ticketing-system-api")
    except PackageNotFoundError:
        return "1.0.0"

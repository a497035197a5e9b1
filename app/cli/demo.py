"""`demo`: buy a ticket step by step, as a newcomer would."""

import argparse
import json
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import httpx

from app.cli.failure import CommandFailed
from app.cli.fresh_server import fresh_server
from app.cli.running import CommandLine, Commands

ACCOUNT: Final = {
    "email": "test@example.com",
    "username": "testuser",
    "password": "password123",
}
LOGIN: Final = {name: ACCOUNT[name] for name in ("username", "password")}
EVENT: Final = {
    "title": "Lagos Jazz Night",
    "date": "2030-06-01T19:00:00",
    "location": "Freedom Park, Lagos",
    "ticket_price": 2500,
    "category": "Music",
    "capacity": 200,
}
SECRETS: Final = ("access_token", "refresh_token")
ANSWER_LIMIT_SECONDS: Final = 30


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "demo",
        help="buy a ticket step by step, printing each request",
        description="Register, log in, create an event, pay for a ticket, verify the payment and "
        "save the ticket's QR code. Without --url against a server of its own, which works in a "
        "temporary folder and is gone afterwards.",
    )
    parser.add_argument(
        "--url", type=_address, help="a running demo server, as in http://127.0.0.1:8000"
    )
    parser.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="where to save the picture (default: ticket-ID.png in the folder var)",
    )
    parser.set_defaults(run=demo)


def _address(text: str) -> str:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise argparse.ArgumentTypeError("must be like http://127.0.0.1:8000")
    return text


def demo(command: CommandLine) -> None:
    url: str | None = command.words.url
    if url is None:
        print("Starting a server in a temporary folder; --url names a running one instead.")
    with (
        nullcontext(url) if url else fresh_server() as address,
        httpx.Client(
            base_url=address, timeout=ANSWER_LIMIT_SECONDS, trust_env=url is not None
        ) as client,
    ):
        picture, ticket_id = _Journey(client).walk()
    file: Path = command.words.save or Path("var") / f"ticket-{ticket_id}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(picture)
    print(f"\nThe ticket's QR code is in {file.resolve()}")


class _Journey:
    """The six steps. Each prints what is sent and what comes back."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._step = 0
        self._now = ""
        self._headers: dict[str, str] = {}

    def walk(self) -> tuple[bytes, int]:
        """Give the ticket's picture and id.

        Raises:
            CommandFailed: a step was not answered as it should be.
        """
        self._ask("Register", "POST", "/users/", json=ACCOUNT, expected=(201, 409))
        login = self._ask("Log in", "POST", "/token", form=LOGIN)
        self._headers["Authorization"] = f"Bearer {self._said(login, 'access_token')}"
        # In the demo environment events need no organizer, so no login is sent.
        event = self._ask("Create an event", "POST", "/events/", json=EVENT, is_me=False)
        wanted = {"event_id": self._said(event, "id")}
        payment = self._ask("Pay", "POST", "/payments/pay", json=wanted)
        verify = f"/payments/verify/{self._said(payment, 'reference')}"
        verified = self._ask("Verify the payment", "POST", verify)
        ticket_id = int(self._said(verified, "ticket_id"))
        ticket = self._ask("Show the ticket", "GET", f"/tickets/{ticket_id}")
        if ticket.headers.get("content-type") != "image/png":
            raise CommandFailed(f"{self._now} was not answered with a picture")
        return ticket.content, ticket_id

    def _ask(
        self,
        title: str,
        method: str,
        path: str,
        *,
        json: Mapping[str, object] | None = None,
        form: Mapping[str, str] | None = None,
        is_me: bool = True,
        expected: tuple[int, ...] = (200, 201),
    ) -> httpx.Response:
        self._step += 1
        self._now = f"step {self._step} ({title})"
        headers = self._headers if is_me else {}
        request = self._client.build_request(method, path, json=json, data=form, headers=headers)
        print(f"\n{self._step}. {title}\n   {method} {request.url}")
        if "Authorization" in headers:
            print("   Authorization: Bearer …")
        if request.content:
            print(f"   {request.content.decode()}")
        try:
            answer = self._client.send(request)
        except httpx.HTTPError as error:
            raise CommandFailed(f"{self._now}: no answer from {request.url}: {error}") from error
        print(_described(answer))
        if answer.status_code not in expected:
            raise CommandFailed(f"{self._now} was answered {answer.status_code}{_reason(answer)}")
        return answer

    def _said(self, answer: httpx.Response, name: str) -> Any:
        body = _json(answer)
        if not isinstance(body, dict) or name not in body:
            raise CommandFailed(f"{self._now} was answered without {name}; is this the shop?")
        return body[name]


def _described(answer: httpx.Response) -> str:
    head = f"   → {answer.status_code} {answer.reason_phrase}"
    body = _json(answer)
    if body is None:
        media_type = answer.headers.get("content-type", "nothing")
        return f"{head}, {media_type}, {len(answer.content)} bytes"
    if isinstance(body, dict):
        body = {name: "…" if name in SECRETS else value for name, value in body.items()}
    text = json.dumps(body, indent=2, ensure_ascii=False)
    return "\n".join([head, *(f"     {line}" for line in text.splitlines())])


def _json(answer: httpx.Response) -> Any:
    if "json" not in answer.headers.get("content-type", ""):
        return None
    try:
        return answer.json()
    except ValueError:
        return None


def _reason(answer: httpx.Response) -> str:
    body = _json(answer)
    return f": {body['detail']}" if isinstance(body, dict) and "detail" in body else ""

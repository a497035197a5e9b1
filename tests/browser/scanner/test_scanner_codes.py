"""The scanner page reads codes without the server: as it does, or good tickets were refused."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from app.clients.security.ticket_keys import Ed25519TicketSigner
from app.domain.ids import EventId, TicketId
from app.domain.tickets.ticket_codes import (
    CodeUnreadable,
    TicketFacts,
    from_text,
    secret_of,
    short_code_of,
    typed,
    unpack,
)
from tests.programs.servers import Server, running_shop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SIGNER = Ed25519TicketSigner("7:a secret of at least thirty-two characters")
BORN = datetime(2026, 1, 1, tzinfo=UTC)

READ_ALL = """async texts => {
    const { readCode } = await import("/static/scanner/codes.js");
    return texts.map(text => {
        const code = readCode(text);
        if (code === null) return null;
        const { kind, secret, keyId, ticketId, eventId, version, notBefore, notAfter } = code;
        const numbers = [keyId, ticketId, eventId, version, notBefore / 1000, notAfter / 1000];
        return [[...secret], kind === "signed" ? numbers : []];
    });
}"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_shop(tmp_path_factory.mktemp("codes")) as shop:
        yield shop


@pytest.fixture
def open_page(page: Page, shop: Server) -> Page:
    page.goto(f"{shop.url}/scan")
    return page


def as_server(text: str) -> list[Any] | None:
    try:
        with suppress(CodeUnreadable):
            return [[*secret_of(typed(text))], []]
        key_id, facts = unpack(from_text(text)[0])
    except CodeUnreadable:
        return None
    numbers = [key_id, facts.ticket_id, facts.event_id, facts.version]
    times = [int(moment.timestamp()) for moment in (facts.not_before, facts.not_after)]
    return [[*secret_of(facts.short_code)], [*numbers, *times]]


def signed(chance: random.Random) -> str:
    start = BORN + timedelta(seconds=chance.randrange(10**8))
    facts = TicketFacts(
        ticket_id=TicketId(chance.randrange(2 ** chance.choice([8, 32, 47]))),
        event_id=EventId(chance.randrange(2 ** chance.choice([8, 32, 47]))),
        version=chance.randrange(2**16),
        not_before=start,
        not_after=start + timedelta(days=3),
        short_code=short_code_of(chance.randbytes(10)),
    )
    return SIGNER.sign(facts, key_id=7)


def mutated(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    letter = chance.choice("0A:% z\n-é")
    return chance.choice(
        [text[:at] + letter + text[at + 1 :], text[:at] + text[at + 1 :], text + letter, text[:at]]
    )


class TestCodes:
    def test_are_read_as_the_server_reads_them(self, open_page: Page) -> None:
        chance = random.Random(4711)
        good = [signed(chance) for _ in range(300)]
        short = [short_code_of(chance.randbytes(10)) for _ in range(300)]
        spelled = [code.lower().replace("0", "o").replace("1", "l") for code in short]
        spelled += [code.replace("-", " ") for code in short]
        texts = [*good, *short, *spelled]
        texts += [mutated(text, chance) for text in texts]

        read = open_page.evaluate(READ_ALL, texts)

        wanted = [as_server(text) for text in texts]
        assert None not in wanted[: len(texts) // 2]
        assert wanted.count(None) > 300
        different = [
            (text, here, there)
            for text, here, there in zip(texts, read, wanted, strict=True)
            if here != there
        ]
        assert different == []

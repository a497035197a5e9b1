"""The outbox and a real mail server that fails as told: what becomes of the message."""

from dataclasses import replace
from datetime import timedelta
from socket import socket
from typing import Protocol

import pytest

from app.clients.mail.mailer import SmtpMailer
from app.config import Settings
from app.domain.ports import Mailer
from app.domain.states import OutboxStatus
from app.models.operations.outbox import OutboxMessage
from app.repositories.database import Database
from app.services.operations.mail_delivery import MailDeliveryService
from app.services.operations.mail_limits import MailBudget
from app.wiring.adapters import Adapters
from app.wiring.areas.mails import composers
from tests.clients.mail.mail_servers import Mailbox, free_port, hang, serving, talking
from tests.support.factories import Factory
from tests.support.fakes import FakeClock

PATIENCE = timedelta(seconds=20)
"""For a server that answers: long enough for a machine that stands still for a while."""


class OpenMessages(Protocol):
    def __call__(self, port: int, *, patience: timedelta = PATIENCE) -> MailDeliveryService: ...


@pytest.fixture
def messages_at(outside: Adapters, settings: Settings) -> OpenMessages:
    """Opens the service that sends through the mail server at a port."""

    def open_at(port: int, *, patience: timedelta = PATIENCE) -> MailDeliveryService:
        mailer: Mailer = SmtpMailer(
            f"smtp://127.0.0.1:{port}", "t@shop.example", patience, clock=outside.clock
        )
        return MailDeliveryService(
            database=outside.database,
            clock=outside.clock,
            mailer=mailer,
            composers=composers(replace(outside, mailer=mailer), settings),
            budget=MailBudget(20),
        )

    return open_at


@pytest.fixture(autouse=True)
def _promised(make: Factory) -> None:
    """A ticket's mail is due."""
    make.order(make.user(name="ada"), make.event(price="0").id)


def state(database: Database) -> OutboxMessage:
    with database.reading() as work:
        return work.outbox.get(1)


class DropsAfterData(Mailbox):
    """Keeps the first mail, and hangs up instead of saying so."""

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, server: object, session: object, envelope: object
    ) -> str:
        self._to_mail = "250 ok"
        await super().handle_DATA(server, session, envelope)
        self._to_mail = None
        return await super().handle_DATA(server, session, envelope)


class TestSendDue:
    def test_delivers(self, messages_at: OpenMessages, database: Database) -> None:
        with serving(box := Mailbox()) as port:
            messages_at(port).send_due()

        assert box.recipients == ["ada@example.com"]
        assert box.letters[0]["Message-ID"] == "<outbox-1@shop.example>"
        assert state(database).status == OutboxStatus.SENT

    @pytest.mark.parametrize(
        ("box", "reason"),
        [
            (Mailbox(to_recipient="451 come back later"), "451: come back later"),
            (Mailbox(to_mail="451 greylisted"), "451: greylisted"),
            (Mailbox(to_recipient="421 closing"), "421"),
            (Mailbox(to_mail=None), "cannot be used"),
        ],
    )
    def test_keeps_what_is_not_taken_now_and_delivers_it_once_later(
        self,
        messages_at: OpenMessages,
        database: Database,
        clock: FakeClock,
        box: Mailbox,
        reason: str,
    ) -> None:
        with serving(box) as port:
            messages_at(port).send_due()
        waiting = state(database)

        self.delivers_once_later(messages_at, clock)

        assert waiting.status == OutboxStatus.DUE
        assert waiting.work_at == clock.now() - timedelta(minutes=1) + timedelta(seconds=5)
        assert reason in (waiting.last_error or "")
        assert (state(database).status, state(database).last_error) == (OutboxStatus.SENT, None)

    def test_keeps_it_while_nobody_listens(
        self, messages_at: OpenMessages, database: Database, clock: FakeClock
    ) -> None:
        messages_at(free_port()).send_due()
        assert state(database).status == OutboxStatus.DUE

        self.delivers_once_later(messages_at, clock)

    def test_waits_no_longer_than_the_mailer_for_a_server_that_hangs(
        self, messages_at: OpenMessages, database: Database, clock: FakeClock
    ) -> None:
        def silence(caller: socket) -> None:
            hang(caller, b"220 hello\r\n")  # until the mailer hangs up

        with talking(silence) as port:
            messages_at(port, patience=timedelta(seconds=0.2)).send_due()

        assert state(database).status == OutboxStatus.DUE
        self.delivers_once_later(messages_at, clock)

    @pytest.mark.parametrize(
        "box", [Mailbox(to_recipient="550 no such person"), Mailbox(to_mail="554 spam")]
    )
    def test_buries_what_is_refused_for_good(
        self, messages_at: OpenMessages, database: Database, clock: FakeClock, box: Mailbox
    ) -> None:
        with serving(box) as port:
            messages_at(port).send_due()
        clock.advance(timedelta(days=1))
        with serving(healthy := Mailbox()) as port:
            assert messages_at(port).send_due() == 0

        assert state(database).status == OutboxStatus.DEAD
        assert "The mail server answered 55" in (state(database).last_error or "")
        assert healthy.letters == []

    def test_sends_the_same_mail_when_the_servers_yes_was_lost(
        self, messages_at: OpenMessages, database: Database, clock: FakeClock
    ) -> None:
        with serving(first := DropsAfterData()) as port:
            messages_at(port).send_due()
        assert state(database).status == OutboxStatus.DUE
        clock.advance(timedelta(minutes=1))
        with serving(second := Mailbox()) as port:
            messages_at(port).send_due()

        ids = [letter["Message-ID"] for letter in (*first.letters, *second.letters)]
        assert ids == ["<outbox-1@shop.example>"] * 2
        assert state(database).status == OutboxStatus.SENT

    @staticmethod
    def delivers_once_later(messages_at: OpenMessages, clock: FakeClock) -> None:
        clock.advance(timedelta(minutes=1))
        with serving(box := Mailbox()) as port:
            tried = [messages_at(port).send_due() for _ in range(3)]
        assert tried == [1, 0, 0]
        assert len(box.letters) == 1

"""Mail handed to real servers that behave as told."""

import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from app.clients.mail.mailer import SmtpMailer
from app.domain.errors import MailerUnavailable, MailRejected
from tests.clients.mail.mail_servers import (
    Mailbox,
    NoonClock,
    drip,
    free_port,
    hang,
    lines_of,
    make_mail,
    server_side,
    serving,
    take_and_vanish,
    talking,
    write_certificate,
)

SENDER = "Tickets <tickets@shop.example>"
PATIENCE = timedelta(seconds=20)
"""For a server that answers: long enough for a machine that stands still for a while."""

LITTLE_PATIENCE = timedelta(seconds=0.5)


def smtp_mailer(
    port: int, *, login: str = "", query: str = "", patience: timedelta = PATIENCE
) -> SmtpMailer:
    return SmtpMailer(f"smtp://{login}127.0.0.1:{port}{query}", SENDER, patience, clock=NoonClock())


class TestSmtpMailer:
    def test_delivers(self) -> None:
        box = Mailbox()

        with serving(box) as port:
            smtp_mailer(port).send(make_mail(text=".\n..\nZażółć", html="<p>Zażółć</p>"))

        (letter,) = box.letters
        plain, page = letter.iter_parts()
        assert lines_of(plain) == [".", "..", "Zażółć"]
        assert lines_of(page) == ["<p>Zażółć</p>"]
        assert letter["Message-ID"] == "<order-5-paid@shop.example>"
        assert box.recipients == ["ada@example.com"]

    def test_delivers_to_addresses_beyond_ascii(self) -> None:
        box = Mailbox()

        with serving(box, enable_SMTPUTF8=True) as port:
            smtp_mailer(port).send(make_mail(to="zoë@example.com"))

        assert box.recipients == ["zoë@example.com"]

    def test_rejects_addresses_the_server_cannot_spell(self) -> None:
        with serving(Mailbox(), enable_SMTPUTF8=False) as port, pytest.raises(MailRejected):
            smtp_mailer(port).send(make_mail(to="zoë@example.com"))

    @pytest.mark.parametrize(
        ("box", "refusal"),
        [
            (Mailbox(to_recipient="550 no such person"), MailRejected),
            (Mailbox(to_recipient="451 come back later"), MailerUnavailable),
            (Mailbox(to_recipient="421 closing"), MailerUnavailable),
            (Mailbox(to_mail="554 spam"), MailRejected),
            (Mailbox(to_mail="451 come back later"), MailerUnavailable),
            (Mailbox(to_mail=None), MailerUnavailable),
        ],
    )
    def test_tells_never_from_not_now(
        self, box: Mailbox, refusal: type[MailRejected | MailerUnavailable]
    ) -> None:
        with serving(box) as port, pytest.raises(refusal):
            smtp_mailer(port).send(make_mail())

    def test_quotes_the_server(self) -> None:
        with (
            serving(Mailbox(to_recipient="550 no such person")) as port,
            pytest.raises(MailRejected, match="550: no such person"),
        ):
            smtp_mailer(port).send(make_mail())

    def test_can_be_tried_again_when_nobody_listens(self) -> None:
        with pytest.raises(MailerUnavailable):
            smtp_mailer(free_port()).send(make_mail())

    @pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"554 no\r\n"])
    def test_can_be_tried_again_when_it_is_no_mail_server(self, greeting: bytes) -> None:
        with (
            talking(lambda caller: caller.sendall(greeting)) as port,
            pytest.raises(MailerUnavailable),
        ):
            smtp_mailer(port).send(make_mail())

    def test_does_not_wait_for_a_silent_server(self) -> None:
        # The server listens until the mailer hangs up, so neither would end if the mailer waited.
        with talking(lambda caller: hang(caller, b"")) as port, pytest.raises(MailerUnavailable):
            smtp_mailer(port, patience=LITTLE_PATIENCE).send(make_mail())

    def test_does_not_wait_for_a_server_that_drips(self) -> None:
        with talking(drip) as port, pytest.raises(MailerUnavailable):  # until the mailer hangs up
            smtp_mailer(port, patience=LITTLE_PATIENCE).send(make_mail())

    def test_takes_a_bad_goodbye_for_what_it_is(self) -> None:
        with talking(take_and_vanish) as port:
            smtp_mailer(port).send(make_mail())


class TestLogin:
    def test_unpacks_user_and_password(self) -> None:
        seen: list[tuple[bytes, bytes]] = []

        def check(server: Any, session: Any, envelope: Any, mechanism: Any, login: Any) -> Any:
            seen.append((login.login, login.password))
            return AuthResult(success=True)

        with serving(box := Mailbox(), authenticator=check, auth_require_tls=False) as port:
            smtp_mailer(port, login="shop%40a:p%40ss%2Fw%3Aord@").send(make_mail())

        assert seen == [(b"shop@a", b"p@ss/w:ord")]
        assert len(box.letters) == 1

    def test_that_fails_does_not_lose_the_mail(self) -> None:
        def check(*_: Any) -> Any:
            return AuthResult(success=False, handled=False)

        with (
            serving(Mailbox(), authenticator=check, auth_require_tls=False) as port,
            pytest.raises(MailerUnavailable) as refusal,
        ):
            smtp_mailer(port, login="shop:hush@").send(make_mail())

        assert "hush" not in repr(refusal.value)

    def test_never_travels_in_the_open_to_another_machine(self) -> None:
        with serving(box := Mailbox(), auth_require_tls=False) as port:
            mailer = SmtpMailer(
                f"smtp://shop:hush@127.0.0.2:{port}", SENDER, PATIENCE, clock=NoonClock()
            )
            with pytest.raises(MailerUnavailable):
                mailer.send(make_mail())

        assert box.letters == []


class TestEncryption:
    def test_is_used_when_offered(self, certificate: Path) -> None:
        with serving(
            box := Mailbox(), tls_context=server_side(certificate), require_starttls=True
        ) as port:
            trusting(certificate, f"smtp://localhost:{port}").send(make_mail())

        assert len(box.letters) == 1

    def test_from_the_start(self, certificate: Path) -> None:
        box = Mailbox()

        with serving(box, ssl_context=server_side(certificate)) as port:
            trusting(certificate, f"smtps://localhost:{port}").send(make_mail())

        assert len(box.letters) == 1

    def test_wants_a_certificate_it_knows(self, certificate: Path) -> None:
        box = Mailbox()

        with (
            serving(box, tls_context=server_side(certificate)) as port,
            pytest.raises(MailerUnavailable),
        ):
            smtp_mailer(port).send(make_mail())

        assert box.letters == []

    def test_can_be_required(self) -> None:
        with serving(box := Mailbox()) as port, pytest.raises(MailerUnavailable):
            smtp_mailer(port, query="?starttls=require").send(make_mail())

        assert box.letters == []


class TestUrl:
    @pytest.mark.parametrize(
        "url",
        [
            "",
            "hush",
            "http://shop:hush@mail.example",
            "smtp://",
            "smtp://shop:hu/sh@mail.example",
            "smtp://shop:hush@mail.example:port",
            "smtp://shop:hush@mail.example/path",
            "smtp://shop:hush@mail.example?tls=1",
            "smtp://shop:hush@mail.example?starttls=perhaps",
            "smtp://shop:h%C3%BCush@mail.example",
            "smtp://[hush",
        ],
    )
    def test_that_makes_no_sense_is_refused_without_repeating_it(self, url: str) -> None:
        with pytest.raises(ValueError, match="mail server") as refusal:
            SmtpMailer(url, SENDER, PATIENCE, clock=NoonClock())

        assert "hush" not in str(refusal.value)
        assert refusal.value.__cause__ is None

    def test_shows_no_password(self) -> None:
        mailer = SmtpMailer("smtps://shop:hush@mail.example", SENDER, PATIENCE, clock=NoonClock())

        assert "mail.example" in repr(mailer)
        assert "465" in repr(mailer)
        assert "hush" not in repr(mailer)

    @pytest.mark.parametrize("sender", ["", "nobody", "a@b.c, d@e.f", "a@b.c\r\nX: y"])
    def test_comes_with_one_sender(self, sender: str) -> None:
        with pytest.raises(ValueError, match=r"address|line"):
            SmtpMailer("smtp://mail.example", sender, PATIENCE, clock=NoonClock())


def trusting(certificate: Path, url: str) -> SmtpMailer:
    trust = ssl.create_default_context(cafile=certificate)
    return SmtpMailer(url, SENDER, timedelta(seconds=5), clock=NoonClock(), trust=trust)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    write_certificate(file)
    return file

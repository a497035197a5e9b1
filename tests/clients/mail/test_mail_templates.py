"""The words of every mail: text and HTML say the same, and no value breaks out of its place."""

import html
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import app.clients.mail.mail_templates
from app.clients.mail.mail_templates import JinjaMailTemplates
from app.config import Settings
from app.domain.events.schedules import When
from app.domain.languages import Language
from app.domain.money import Money
from app.domain.ports import MailText
from app.domain.states import OutboxKind
from app.texts.amounts import in_code
from app.texts.catalogue import translated, written_in
from app.texts.moments import spoken
from app.wiring.adapters import Adapters
from app.wiring.areas.mails import composers

FOLDER = Path(app.clients.mail.mail_templates.__file__).with_name("templates")
TO_STRANGERS = {"order_moved"}
"""To an address that was typed by mistake, whose reader is not known."""

NOT_MAILS = {"layout", "parts", "sender"}
ODD = 'Ada <b>&"O\'Bi"</b>'
EVENT = "Jazz & <i>Blues</i>"
PLACE = 'Hall "A" <1>'
BEGINS_AT = datetime(2030, 6, 1, 19, tzinfo=ZoneInfo("Africa/Lagos"))
BEGINS = "Saturday, 01 June 2030, 19:00 (WAT)"
LINK = "https://shop.test/account/reset?token=12.a-b_c&x=1"
TICKETS = [
    {"id": 7, "link": "https://shop.test/t/seven"},
    {"id": 8, "link": "https://shop.test/t/eight"},
]
REFUND = {
    "buyer": ODD,
    "event": EVENT,
    "amount": Money(250_000, "NGN"),
    "reason": "it came <late>",
    "reference": "TCK-1",
    "stuck": None,
}
ANNOUNCED: dict[str, Any] = {
    "person": ODD,
    "event": EVENT,
    "when": When(BEGINS_AT, None, all_day=False),
    "doors": BEGINS_AT.replace(hour=18),
    "place": PLACE,
    "tickets": TICKETS,
}
ACCOUNT = {"person": ODD, "username": ODD, "email": "o'bi&co@example.com", "link": LINK}
VALUES: dict[str, dict[str, Any]] = {
    "tickets_issued": {
        "order_link": LINK,
        "buyer": ODD,
        "event": EVENT,
        "location": PLACE,
        "when": When(BEGINS_AT, None, all_day=False),
        "total": Money(500_000, "XOF"),
        "tickets": TICKETS,
        "transferred": 1,
    },
    "payment_returned": REFUND,
    "tickets_refunded": {
        **REFUND,
        "in_cash": None,
        "tickets": [
            {"id": 7, "type": "VIP <1>", "attendee": "Bola & Co"},
            {"id": 8, "type": "VIP", "attendee": None},
        ],
    },
    "money_refunded": {
        **REFUND,
        "in_cash": None,
        "is_refunded": None,
        "is_all": None,
        "is_rest": None,
    },
    "refund_delayed": {
        **{k: v for k, v in REFUND.items() if k not in {"reason", "stuck"}},
        "order_id": 71,
    },
    "payment_disputed": {
        "organizer": ODD,
        "event": EVENT,
        "amount": Money(250_000, "NGN"),
        "order_id": 71,
        "reference": "TCK-1",
        "until": BEGINS_AT,
    },
    "refund_stuck": {
        **{k: v for k, v in REFUND.items() if k not in {"reason", "stuck"}},
        "organizer": ODD,
        "buyer": "Bola & <b>Co</b>",
        "order_id": 71,
        "refund_id": 5,
        "needs_attention": None,
        "error": "Your balance <late> is not enough",
    },
    "places_offered": {
        "buyer": ODD,
        "event": EVENT,
        "quantity": 2,
        "total": Money(500_000, "XOF"),
        "order_id": 71,
        "link": LINK,
        "until": BEGINS_AT,
    },
    "wait_asked": {"buyer": ODD, "event": EVENT, "quantity": 2, "link": LINK},
    "wait_ended": {"buyer": ODD, "event": EVENT, "quantity": 2, "why": "it came <late>"},
    "payment_failed": {
        **{k: v for k, v in REFUND.items() if k != "stuck"},
        "order_id": 71,
        "link": LINK,
        "until": BEGINS_AT,
    },
    "event_changed": {
        **ANNOUNCED,
        "changes": [
            {"name": "Place", "before": "Old <place>", "after": PLACE},
            {"name": "Ends", "before": None, "after": "Sunday"},
        ],
    },
    "event_cancelled": {k: v for k, v in ANNOUNCED.items() if k not in {"tickets", "doors"}},
    "event_reminder": ANNOUNCED,
    "event_message": {
        "person": ODD,
        "event": EVENT,
        "organization": PLACE,
        "about": "Doors & <b>bars</b>",
        "words": "Bring <i>an</i> umbrella & boots.",
    },
    "order_moved": {"event": EVENT, "order_id": 71},
    "ticket_reissued": {
        "holder": ODD,
        "event": EVENT,
        "location": PLACE,
        "when": When(BEGINS_AT, None, all_day=False),
        "ticket": {**TICKETS[0], "code": "6J48-7DX2-C9SB-7CNA"},
        "reason": "it came <late>",
    },
    "organization_invitation": {
        "receiver": ODD,
        "inviter": "Bola & <b>Co</b>",
        "organization": "Bola & <b>Co</b>",
        "role": "manager",
        "until": BEGINS_AT,
        "link": LINK,
    },
    "export_ready": {
        "receiver": ODD,
        "event": EVENT,
        "kind": "check-ins",
        "until": BEGINS_AT,
        "link": LINK,
    },
    "export_failed": {"receiver": ODD, "event": EVENT, "kind": "check-ins", "link": LINK},
    "transfer_offered": {
        "receiver": ODD,
        "giver": "Bola & <b>Co</b>",
        "event": EVENT,
        "ticket_type": "VIP <1>",
        "location": PLACE,
        "when": When(BEGINS_AT, None, all_day=False),
        "until": BEGINS_AT,
        "link": LINK,
    },
    "transfer_accepted": {
        "giver": ODD,
        "receiver": "Bola & <b>Co</b>",
        "event": EVENT,
        "ticket_id": 7,
    },
    "ticket_taken_back": {
        "holder": ODD,
        "event": EVENT,
        "quantity": 2,
        "reason": "it came <late>",
        "amount": None,
    },
    "password_reset": ACCOUNT,
    "sign_in_link": ACCOUNT,
    "two_step_on": ACCOUNT,
    "two_step_off": ACCOUNT,
    "email_confirmation": ACCOUNT,
    "email_change_asked": ACCOUNT,
}
MINE = sorted(VALUES)
ENGLISH = Language.ENGLISH


def facts(values: Any) -> Iterator[str]:
    """Every value a reader has to find, as it is written in the reader's language."""
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, list):
        for value in values:
            yield from facts(value)
    elif isinstance(values, datetime | When):
        yield spoken(values)
    elif isinstance(values, Money):
        yield in_code(values)
    elif values is not None:
        yield translated(str(values))


def in_english(name: str, **values: Any) -> MailText:
    return JinjaMailTemplates().render(name, language=ENGLISH, **values)


class TestMails:
    @pytest.mark.parametrize("language", Language)
    @pytest.mark.parametrize("name", MINE)
    def test_say_the_same_in_text_and_html(self, name: str, language: Language) -> None:
        mail = JinjaMailTemplates().render(name, language=language, **VALUES[name])

        words = html.unescape(mail.html)
        with written_in(language):
            told = list(facts(VALUES[name]))
        for fact in told:
            assert fact in mail.subject + mail.text, fact
            assert fact in words, fact

    def test_say_what_has_changed_once(self) -> None:
        changes = [{"name": "Begins", "before": "Sunday", "after": BEGINS}]

        mail = JinjaMailTemplates().render(
            "event_changed", language=ENGLISH, **{**ANNOUNCED, "changes": changes}
        )

        assert mail.text.count(BEGINS) == mail.html.count(BEGINS) == 1
        assert PLACE in mail.text

    @pytest.mark.parametrize("language", Language)
    @pytest.mark.parametrize("name", MINE)
    def test_escape_every_value(self, name: str, language: Language) -> None:
        mail = JinjaMailTemplates().render(name, language=language, **VALUES[name])

        assert not re.search(r"<(b|i|late|place|1)>|&token|\"O'Bi\"", mail.html)
        assert mail.html.startswith("<!doctype html>")
        assert f'<html lang="{language}">' in mail.html
        assert mail.html.count("<body") == mail.html.count("</html>") == 1

    @pytest.mark.parametrize(("language", "greeting"), [("en", "Hello"), ("fr", "Bonjour")])
    @pytest.mark.parametrize("name", MINE)
    def test_read_well(self, name: str, language: str, greeting: str) -> None:
        mail = JinjaMailTemplates().render(name, language=Language(language), **VALUES[name])

        person = "" if name in TO_STRANGERS else f" {ODD}"
        assert mail.text.startswith(f"{greeting}{person},\n\n")
        assert "\n\n\n" not in mail.text
        assert "None" not in mail.subject + mail.text + mail.html
        assert "\n" not in mail.subject

    def test_leave_out_what_there_is_not(self) -> None:
        free = in_english("tickets_issued", **VALUES["tickets_issued"] | {"total": None})
        doorless = in_english("event_reminder", **ANNOUNCED | {"doors": None})

        for body in (free.text, free.html):
            assert "Paid" not in body
        for body in (doorless.text, doorless.html):
            assert "Doors" not in body

    def test_tell_holders_of_money_only_when_some_goes_back(self) -> None:
        values = VALUES["ticket_taken_back"]

        paid = in_english("ticket_taken_back", **values | {"amount": Money(250_000, "NGN")})
        free = in_english("ticket_taken_back", **values)

        for body in (paid.text, paid.html):
            assert "The money goes back" in body
        for body in (free.text, free.html):
            assert "money" not in body

    def test_all_have_text_and_html(self) -> None:
        texts, pages = (
            {file.stem for file in FOLDER.glob(f"*.{kind}")} for kind in ("txt", "html")
        )

        assert texts - NOT_MAILS == pages - NOT_MAILS == set(VALUES)


class TestComposers:
    def test_write_every_kind(self, outside: Adapters, settings: Settings) -> None:
        assert set(composers(outside, settings)) == set(OutboxKind)

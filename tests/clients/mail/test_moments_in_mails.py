"""What mails say of when events take place, and took place before a change."""

import html
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.clients.mail.mail_templates import JinjaMailTemplates
from app.domain.events.schedules import When
from app.domain.languages import Language
from app.texts.catalogue import written_in
from app.texts.moments import spoken
from tests.clients.mail.test_mail_templates import ANNOUNCED, BEGINS, VALUES

LAGOS = ZoneInfo("Africa/Lagos")
DAYS = When(datetime(2030, 6, 1, tzinfo=LAGOS), datetime(2030, 6, 4, tzinfo=LAGOS), all_day=True)
DATED = {name for name, values in VALUES.items() if "when" in values}
"""Mails that say when the event takes place."""


class TestMoments:
    @pytest.mark.parametrize("language", Language)
    @pytest.mark.parametrize("name", sorted(DATED))
    def test_tell_whole_days_without_a_time(self, name: str, language: Language) -> None:
        values = VALUES[name] | {"when": DAYS}

        mail = JinjaMailTemplates().render(name, language=language, **values)

        with written_in(language):
            days = spoken(DAYS)
        for body in (mail.text, html.unescape(mail.html)):
            assert days in body
            assert "begin" not in body.replace("about to begin", "")
            assert "00:00" not in body

    def test_say_in_the_reader_s_language_which_days_have_changed(self) -> None:
        changes = [{"name": "When", "before": BEGINS, "after": "2030-06-01/2030-06-03"}]
        values = ANNOUNCED | {"when": DAYS, "changes": changes}

        mails = {
            language: JinjaMailTemplates().render("event_changed", language=language, **values)
            for language in Language
        }

        english, french = mails[Language.ENGLISH], mails[Language.FRENCH]
        for body in (english.text, html.unescape(english.html)):
            assert body.count("1 to 3 June 2030") == 1
            assert BEGINS in body
        for body in (french.text, html.unescape(french.html)):
            assert body.count("du 1er au 3 juin 2030") == 1
            assert "samedi 1er juin 2030 à 19:00 (WAT)" in body

    def test_say_in_french_when_an_event_was_and_is(self) -> None:
        after = "Monday, 03 June 2030, 20:15 (GMT)"
        changes = [{"name": "Begins", "before": BEGINS, "after": after}]

        mail = JinjaMailTemplates().render(
            "event_changed", language=Language.FRENCH, **{**ANNOUNCED, "changes": changes}
        )

        for body in (mail.text, html.unescape(mail.html)):
            assert "lundi 3 juin 2030 à 20:15 (GMT)" in body
            assert "samedi 1er juin 2030 à 19:00 (WAT)" in body
            assert "June" not in body

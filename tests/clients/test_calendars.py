import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from app.clients.calendars import IcsCalendars
from app.domain.events.schedules import When
from app.domain.ports import CalendarEntry

PRODUCT = b"-//Event Ticketing System API//EN"
ENTRY = CalendarEntry(
    uid="event-7@shop.test",
    revision=90,
    changed_at=datetime(2027, 3, 1, 12, 1, 30, 999, tzinfo=UTC),
    created_at=datetime(2027, 3, 1, 12, 0, tzinfo=UTC),
    title="Jazz, Highlife; and “Soirée” \\ Ọjọ́ \N{FAMILY}",
    when=When(
        datetime(2027, 3, 31, 19, 0, tzinfo=timezone(timedelta(hours=1))),
        datetime(2027, 3, 31, 23, 30, tzinfo=timezone(timedelta(hours=1))),
        all_day=False,
    ),
    location="Freedom Park, 1 Hospital Road, Lagos",
    description="Two stages.\nBring water; ₦ only.\n" + "Ẹ káàbọ̀ " * 40,
    category="Music",
    url="https://shop.test/t/key",
    is_cancelled=False,
)


def read(content: bytes) -> Any:
    """The one entry of the file, as a calendar reads it."""
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


class TestWrite:
    def test_is_read_back_as_it_was(self) -> None:
        event = read(IcsCalendars().write(ENTRY))

        assert str(event["uid"]) == ENTRY.uid
        assert str(event["summary"]) == ENTRY.title
        assert str(event["location"]) == ENTRY.location
        assert str(event["description"]) == ENTRY.description
        assert str(event["url"]) == ENTRY.url
        assert event["sequence"] == 90
        assert event["categories"].to_ical() == b"Music"
        assert event["dtstart"].dt == ENTRY.when.starts_at
        assert event["dtend"].dt == ENTRY.when.ends_at
        assert event["last-modified"].dt == ENTRY.changed_at.replace(microsecond=0)
        assert event["dtstamp"].dt == event["last-modified"].dt
        assert str(event["status"]) == "CONFIRMED"

    def test_keeps_to_the_form_of_rfc_5545(self) -> None:
        content = IcsCalendars().write(ENTRY)

        lines = content.split(b"\r\n")
        assert lines[:3] == [b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:" + PRODUCT]
        assert lines[-2:] == [b"END:VCALENDAR", b""]
        assert b"\n" not in content.replace(b"\r\n", b"")
        assert max(len(line) for line in lines) <= 75
        assert all(line.decode() for line in lines[:-1]), "no character is cut in two"
        assert b"DTSTART:20270331T180000Z" in lines
        assert b"DTEND:20270331T223000Z" in lines
        assert b"LOCATION:Freedom Park\\, 1 Hospital Road\\, Lagos" in lines

    def test_has_whole_days_as_dates(self) -> None:
        auckland = ZoneInfo("Pacific/Auckland")
        begin, end = datetime(2027, 4, 3, tzinfo=auckland), datetime(2027, 4, 5, tzinfo=auckland)

        content = IcsCalendars().write(replace(ENTRY, when=When(begin, end, all_day=True)))

        lines = content.split(b"\r\n")
        assert b"DTSTART;VALUE=DATE:20270403" in lines
        assert b"DTEND;VALUE=DATE:20270405" in lines

    def test_is_the_same_for_the_same_entry(self) -> None:
        assert IcsCalendars().write(ENTRY) == IcsCalendars().write(ENTRY)

    def test_says_when_it_is_off(self) -> None:
        event = read(IcsCalendars().write(replace(ENTRY, is_cancelled=True)))

        assert str(event["status"]) == "CANCELLED"

    def test_leaves_out_what_is_not_known(self) -> None:
        endless = replace(ENTRY.when, ends_at=None)
        bare = replace(ENTRY, when=endless, description=None, category=None, url=None)

        event = read(IcsCalendars().write(bare))

        assert not {"DTEND", "DESCRIPTION", "CATEGORIES", "URL"} & set(event)
        assert {"DTSTART", "SUMMARY", "LOCATION"} <= set(event)

    def test_lets_no_title_write_lines_of_its_own(self) -> None:
        title = "Jazz\r\nATTENDEE:mailto:a@example.com\nEND:VEVENT"

        content = IcsCalendars().write(replace(ENTRY, title=title))

        assert "attendee" not in read(content)
        assert b"\r\nATTENDEE" not in content

    def test_has_no_control_characters(self) -> None:
        description = "Bring\ttea\x07,\x0b\r\nand\x00 cake\x7f."

        content = IcsCalendars().write(replace(ENTRY, description=description))

        assert re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content) is None
        assert str(read(content)["description"]) == "Bring\ttea,\nand cake."

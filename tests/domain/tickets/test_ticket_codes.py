import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import EventId, TicketId
from app.domain.tickets.ticket_codes import (
    CodeUnreadable,
    as_text,
    from_base45,
    from_text,
    pack,
    short_code_of,
    to_base45,
    typed,
    unpack,
    valid_until,
)
from tests.support.codes import SENT_ALONG, some_facts

START = datetime(2030, 6, 1, 19, tzinfo=UTC)


class TestPack:
    def test_is_34_bytes_that_say_the_same_again(self) -> None:
        facts = replace(some_facts(), ticket_id=TicketId(2**48 - 1), version=2**16 - 1)

        payload = pack(facts, key_id=255)

        assert len(payload) == 34
        assert unpack(payload) == (255, facts)

    def test_takes_moments_beyond_2106_for_the_last_there_is(self) -> None:
        facts = replace(some_facts(), not_after=datetime(9000, 1, 1, tzinfo=UTC))

        _, read = unpack(pack(facts, key_id=1))

        assert read.not_after == datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC)

    def test_refuses_a_number_that_does_not_fit(self) -> None:
        with pytest.raises(OverflowError):
            pack(replace(some_facts(), event_id=EventId(2**48)), key_id=1)


class TestUnpack:
    @pytest.mark.parametrize("payload", [b"", b"\x01" * 33, b"\x01" * 35, b"\x02" + b"\x01" * 33])
    def test_refuses_other_layouts(self, payload: bytes) -> None:
        with pytest.raises(CodeUnreadable):
            unpack(payload)


class TestText:
    def test_is_151_characters_that_qr_codes_pack_tightly(self) -> None:
        text = as_text(os.urandom(98))

        assert len(text) == 151
        assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")

    @given(st.binary(min_size=98, max_size=98))
    def test_never_ends_in_a_blank(self, signed: bytes) -> None:
        assert not as_text(signed).endswith(" ")

    @given(st.binary(min_size=98, max_size=98), st.sampled_from(SENT_ALONG))
    def test_is_read_with_what_scanners_send_along(
        self, signed: bytes, around: tuple[str, str]
    ) -> None:
        before, after = around

        for text in (as_text(signed), as_text(signed).lower()):
            assert from_text(f"{before}{text}{after}") == (signed[:34], signed[34:])

    @pytest.mark.parametrize(
        "text", ["", "TK1:", "TK2:" + "0" * 147, "TK1:" + "0" * 146, "0" * 151]
    )
    def test_of_another_form_is_unreadable(self, text: str) -> None:
        with pytest.raises(CodeUnreadable):
            from_text(text)


class TestBase45:
    @pytest.mark.parametrize(
        ("content", "text"),
        [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"", "")],
    )
    def test_is_that_of_rfc_9285(self, content: bytes, text: str) -> None:
        assert to_base45(content) == text
        assert from_base45(text) == content

    @given(st.binary(max_size=120))
    def test_gives_back_what_it_was_given(self, content: bytes) -> None:
        assert from_base45(to_base45(content)) == content

    @given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:a€", max_size=12))
    def test_knows_one_spelling_only(self, text: str) -> None:
        try:
            content = from_base45(text)
        except CodeUnreadable:
            return
        assert to_base45(content) == text


class TestShortCode:
    @given(st.binary(min_size=10, max_size=10))
    def test_is_read_as_people_type_it(self, secret: bytes) -> None:
        code = short_code_of(secret)
        spoken = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

        assert typed(code) == typed(spoken) == typed(code.replace("-", "")) == code
        for before, after in SENT_ALONG:
            assert typed(f"{before}{code}{after}") == code

    @pytest.mark.parametrize(
        "text", ["", "7K0Q", "7K0Q-3M2X-9DZZ-00AU", "7K0Q-3M2X-9DZZ-00AB-0", "é" * 16]
    )
    def test_is_nothing_else(self, text: str) -> None:
        with pytest.raises(CodeUnreadable):
            typed(text)


class TestValidUntil:
    def test_leaves_two_days_after_the_end(self) -> None:
        assert valid_until(START, START + timedelta(hours=3)) == START + timedelta(days=2, hours=3)

    def test_takes_a_day_for_an_event_without_an_end(self) -> None:
        assert valid_until(START, None) == START + timedelta(days=3)

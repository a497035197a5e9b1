import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import MAX_ID
from app.domain.paging import LONGEST_CURSOR, Cursor, CursorInvalid, EventSort
from app.domain.text import sort_key

MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001  (the zone comes next)
    max_value=datetime(9000, 1, 1),  # noqa: DTZ001  (as above)
    timezones=st.just(UTC),
)
PRINTABLE = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
TITLES = st.text(PRINTABLE, min_size=1, max_size=200).map(sort_key)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "date": MOMENTS,
    "price": st.integers(0, 10**9),
    "title": TITLES,
}


@st.composite
def cursors(draw: st.DrawFn) -> Cursor:
    sort = draw(st.sampled_from(EventSort))
    return Cursor(sort.value, draw(VALUES[sort.field]), draw(st.integers(1, MAX_ID)))


def packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class TestCursor:
    @given(cursors())
    def test_is_read_as_it_was_written(self, cursor: Cursor) -> None:
        assert Cursor.decode(cursor.encode(), sort=cursor.sort) == cursor

    @given(cursors())
    def test_is_safe_in_an_address(self, cursor: Cursor) -> None:
        assert cursor.encode().replace("-", "").replace("_", "").isalnum()

    @pytest.mark.parametrize("letter", ["\U0001f600", "\ufdfa", '"', "\\", "e\u0301"])
    def test_is_never_longer_than_a_list_takes_back(self, letter: str) -> None:
        cursor = Cursor("-title", sort_key(letter * 200), MAX_ID)

        assert len(cursor.encode()) <= LONGEST_CURSOR
        assert Cursor.decode(cursor.encode(), sort="-title") == cursor

    @given(cursors(), st.sampled_from(EventSort))
    def test_belongs_to_one_sort(self, cursor: Cursor, sort: EventSort) -> None:
        if sort.value == cursor.sort:
            return

        with pytest.raises(CursorInvalid):
            Cursor.decode(cursor.encode(), sort=sort.value)

    @given(st.text(max_size=300))
    def test_made_up_is_refused(self, text: str) -> None:
        with pytest.raises(CursorInvalid):
            Cursor.decode(text, sort="date")

    @given(st.binary(max_size=100), st.sampled_from(EventSort))
    def test_made_of_bytes_is_refused(self, content: bytes, sort: EventSort) -> None:
        with pytest.raises(CursorInvalid):
            Cursor.decode(base64.urlsafe_b64encode(content).decode(), sort=sort.value)

    @pytest.mark.parametrize(
        "content",
        [
            ["price", 5],
            ["price", 5, 1, 1],
            ["price", 5, 0],
            ["price", 5, -1],
            ["price", 5, True],
            ["price", 5, 1.5],
            ["price", 5, "1"],
            ["price", 5, 2**63],
            ["price", 2**63, 1],
            ["price", -1, 1],
            ["price", True, 1],
            ["price", "5", 1],
            ["price", None, 1],
            ["price", [], 1],
            {"price": 1},
            "price",
            5,
            None,
        ],
    )
    def test_of_another_shape_is_refused(self, content: Any) -> None:
        with pytest.raises(CursorInvalid):
            Cursor.decode(packed(content), sort="price")

    @pytest.mark.parametrize(
        ("sort", "value"),
        [
            ("date", "2027-01-01T00:00:00"),
            ("date", "soon"),
            ("date", 5),
            ("title", "a\x00b"),
            ("title", "\ud800"),
            ("title", 5),
        ],
    )
    def test_with_an_odd_value_is_refused(self, sort: str, value: object) -> None:
        with pytest.raises(CursorInvalid):
            Cursor.decode(packed([sort, value, 1]), sort=sort)

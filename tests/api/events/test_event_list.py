import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.api.answers import code_of, pointers_of, titles_of
from tests.api.conftest import one_database
from tests.support.factories import Factory
from tests.support.fakes import START

DAY = timedelta(days=1)
NEXT = re.compile(r'<([^>]+)>; rel="next"')
SORTS = ["date", "-date", "price", "-price", "title", "-title"]

BY_WORDS: list[tuple[str, list[str]]] = [
    ("müller", ["Café Müller"]),
    ("cafe muller", ["Café Müller"]),
    ("THEATRE", ["Café Müller"]),
    ("the shrine\u2019s", []),
    ("MÜLLER", ["Café Müller"]),
    ("CAFÉ théâtre", ["Café Müller"]),
    ("drums", ["100% Afrobeat", "1000 Drums"]),
    ("drums ikeja", ["1000 Drums"]),
    ("night drums park", ["100% Afrobeat"]),
    ("drums müller", []),
    ("100%", ["100% Afrobeat"]),
    ("100", ["100% Afrobeat", "1000 Drums"]),
    ("%", ["100% Afrobeat"]),
    ("drums_and", ["100% Afrobeat"]),
    ("_", ["100% Afrobeat"]),
    ("\\", []),
    ("'", []),
]
BY_CATEGORY: list[tuple[str, list[str]]] = [
    ("Music", ["100% Afrobeat", "1000 Drums"]),
    ("MUSIC", ["100% Afrobeat", "1000 Drums"]),
    ("dance", ["Café Müller"]),
    ("Mus", []),
    ("%", []),
]
BY_WINDOW: list[tuple[dict[str, str], list[str]]] = [
    ({"date_from": "2027-03-21T12:00:00Z"}, ["100% Afrobeat", "1000 Drums"]),
    ({"date_to": "2027-03-21T12:00:00Z"}, ["Café Müller"]),
    ({"date_from": "2027-03-21T12:00:01Z"}, ["1000 Drums"]),
    ({"date_from": "2027-03-21T12:00:00"}, ["100% Afrobeat", "1000 Drums"]),
    ({"date_from": "2027-03-21", "date_to": "2027-03-22"}, ["100% Afrobeat"]),
    ({"date_to": "2027-03-21T13:00:00+01:00"}, ["Café Müller"]),
]
BY_PRICE: list[tuple[dict[str, str], list[str]]] = [
    ({"price_min": "0.01"}, ["Café Müller", "1000 Drums"]),
    ({"price_max": "0"}, ["100% Afrobeat"]),
    ({"price_min": "99.99", "price_max": "99.99"}, ["1000 Drums"]),
    ({"price_max": "99.98"}, ["100% Afrobeat"]),
    ({"price_min": "6000"}, []),
]


def titles(api: httpx.Client, **query: str) -> list[str]:
    return titles_of(api.get("/events/", params=query))


def pages(api: httpx.Client, **query: Any) -> Iterator[list[dict[str, Any]]]:
    """Every page of a list, each found by the link of the one before."""
    path: str | None = str(httpx.URL("/events/", params=query))
    while path is not None:
        answer = api.get(path)
        assert answer.status_code == 200, answer.text
        yield answer.json()
        link = NEXT.fullmatch(answer.headers.get("link", ""))
        path = link.group(1) if link else None


class TestFilters:
    @pytest.fixture(autouse=True)
    def programme(self, make: Factory) -> None:
        make.event(
            title="Café Müller",
            location="Théâtre de Lagos",
            category="Dance",
            price="5000",
            starts_at=START + 10 * DAY,
        )
        make.event(
            title="100% Afrobeat",
            location="Freedom Park",
            category="Music",
            price="0",
            description="Drums_and_bass, all night",
            starts_at=START + 20 * DAY,
        )
        make.event(
            title="1000 Drums",
            location="The Shrine, Ikeja",
            category="music",
            price="99.99",
            starts_at=START + 30 * DAY,
        )

    def test_by_words(self, api: httpx.Client) -> None:
        for q, found in BY_WORDS:
            assert titles(api, q=q) == found, q

    def test_by_category(self, api: httpx.Client) -> None:
        for category, found in BY_CATEGORY:
            assert titles(api, category=category) == found, category

    def test_by_a_window_that_excludes_its_end(self, api: httpx.Client) -> None:
        for query, found in BY_WINDOW:
            assert titles(api, **query) == found, query

    def test_by_price(self, api: httpx.Client) -> None:
        for query, found in BY_PRICE:
            assert titles(api, **query) == found, query

    def test_all_together(self, api: httpx.Client) -> None:
        query = {"category": "music", "q": "drums", "price_min": "1", "date_from": "2027-03-02"}

        assert titles(api, **query, sort="-price") == ["1000 Drums"]

    @one_database
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("date_from", "soon"),
            ("price_min", "NaN"),
            ("price_min", "-1"),
            ("price_max", "0.001"),
            ("price_max", "Infinity"),
            ("limit", "0"),
            ("limit", "101"),
            ("limit", "ten"),
            ("limit", str(2**63)),
            ("sort", "id"),
            ("sort", "--date"),
            ("q", "a\x00b"),
            ("category", "\x00"),
            ("q", "x" * 101),
            ("cursor", "nonsense"),
            ("page", "2"),
            ("Category", "Music"),
        ],
    )
    def test_refuses_others(self, api: httpx.Client, name: str, value: str) -> None:
        assert pointers_of(api.get("/events/", params={name: value})) == [f"/{name}"]


class TestSort:
    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            ("date", "bca"),
            ("-date", "acb"),
            ("price", "cab"),
            ("-price", "bac"),
            ("title", "abc"),
            ("-title", "cba"),
        ],
    )
    def test_orders(self, api: httpx.Client, make: Factory, sort: str, order: str) -> None:
        make.event(title="a", price="200", starts_at=START + timedelta(days=3))
        make.event(title="B", price="300", starts_at=START + timedelta(days=1))
        make.event(title="c", price="100", starts_at=START + timedelta(days=2))

        assert [title.lower() for title in titles(api, sort=sort)] == list(order)

    def test_is_by_date_when_nothing_is_said(self, api: httpx.Client, make: Factory) -> None:
        make.event(title="later", starts_at=START + timedelta(days=2))
        make.event(title="sooner", starts_at=START + timedelta(days=1))

        assert titles(api) == ["sooner", "later"]


class TestPages:
    @pytest.mark.parametrize("sort", SORTS)
    def test_show_each_of_many_equal_events_once(
        self, api: httpx.Client, make: Factory, sort: str
    ) -> None:
        made = [make.event(title="Same", price="2500").id for _ in range(7)]

        met = [event["id"] for page in pages(api, sort=sort, limit=3) for event in page]

        assert met == (made[::-1] if sort.startswith("-") else made)

    @pytest.mark.parametrize("sort", SORTS)
    def test_meet_no_event_twice_while_others_are_added(
        self, api: httpx.Client, make: Factory, sort: str
    ) -> None:
        made = [
            make.event(
                title=f"{number} Élan",
                price=str(100 + number),
                starts_at=START + (number + 1) * DAY,
            ).id
            for number in range(6)
        ]

        met = []
        for page in pages(api, sort=sort, limit=2):
            met += [event["id"] for event in page]
            # One in front of everything, one behind it.
            make.event(title="0", price="50", starts_at=START + timedelta(hours=1))
            make.event(title="z", price="9999", starts_at=START + 99 * DAY)
            if len(met) > 20:
                break

        assert len(met) == len(set(met))
        assert set(met) >= set(made)

    @pytest.mark.parametrize("title", ["😀" * 150, "\ufdfa" * 20 + "a" * 180])
    @pytest.mark.parametrize("sort", ["title", "-title"])
    def test_are_found_behind_the_longest_title(
        self, api: httpx.Client, make: Factory, sort: str, title: str
    ) -> None:
        made = {make.event(title=title).id for _ in range(3)}

        met = [event["id"] for page in pages(api, sort=sort, limit=1) for event in page]

        assert set(met) == made

    def test_keep_the_filters(self, api: httpx.Client, make: Factory) -> None:
        for number in range(6):
            make.event(title=f"{number} jazz & soul", category="Music" if number % 2 else "Talk")

        found = list(pages(api, q="jazz & soul", category="music", limit=2))

        assert [len(page) for page in found] == [2, 1]

    def test_are_bare_arrays_of_twenty(self, api: httpx.Client, make: Factory) -> None:
        for _ in range(21):
            make.event()

        answer = api.get("/events/")

        assert isinstance(answer.json(), list)
        assert len(answer.json()) == 20
        link = NEXT.fullmatch(answer.headers["link"])
        assert link is not None
        assert urlsplit(link.group(1)).path == "/events/"
        assert set(parse_qs(urlsplit(link.group(1)).query)) == {"cursor"}

    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_link_to_nothing_behind_the_last(
        self, api: httpx.Client, make: Factory, count: int
    ) -> None:
        for _ in range(count):
            make.event()

        answer = api.get("/events/", params={"limit": 2})

        assert len(answer.json()) == count
        assert "link" not in answer.headers

    def test_refuse_a_cursor_of_another_sort(self, api: httpx.Client, make: Factory) -> None:
        make.event()
        make.event()
        link = NEXT.fullmatch(api.get("/events/", params={"limit": 1}).headers["link"])
        assert link is not None
        cursor = parse_qs(urlsplit(link.group(1)).query)["cursor"][0]

        for sort in SORTS[1:]:
            answer = api.get("/events/", params={"cursor": cursor, "sort": sort})
            assert code_of(answer) == (422, "cursor-invalid")

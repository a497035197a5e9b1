from datetime import timedelta
from itertools import count, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.checkin.doors import Direction, ScanReason
from app.domain.checkin.timelines import Move, Ruling, rule
from app.domain.ids import CheckInId
from tests.support.fakes import START

IN, OUT = Direction.IN, Direction.OUT


def told(name: str, minute: int, way: Direction = IN, *, id_: int = 1) -> Move:
    """What a scanner did while it was offline."""
    return Move(CheckInId(id_), name, way, START + timedelta(minutes=minute), is_answered=False)


def answered(name: str, minute: int, way: Direction = IN, *, id_: int = 1) -> Move:
    """What was accepted online."""
    return Move(CheckInId(id_), name, way, START + timedelta(minutes=minute), is_answered=True)


def numbered(*moves: Move) -> list[Move]:
    """The moves, heard of in this order."""
    return [
        Move(CheckInId(number), move.scan_id, move.direction, move.at, move.is_answered)
        for number, move in enumerate(moves, 1)
    ]


def reasons(rulings: list[Ruling]) -> dict[str, str]:
    return {ruling.move.scan_id: ruling.reason.value for ruling in rulings}


class TestRule:
    def test_lets_the_first_in_whatever_order_they_are_told_in(self) -> None:
        moves = [told("b", 2), told("a", 1), told("c", 3), told("d", 1, OUT)]

        found = [reasons(rule(numbered(*order), reentry=False)) for order in permutations(moves)]

        expected = {
            "a": "admitted",
            "b": "already-used",
            "c": "already-used",
            "d": "no-reentry",
        }
        assert all(each == expected for each in found)

    def test_goes_by_name_when_two_happen_at_once(self) -> None:
        found = rule(numbered(told("z", 1), told("a", 1)), reentry=False)

        assert reasons(found) == {"a": "admitted", "z": "already-used"}
        assert found[1].entry == found[0].move

    def test_never_changes_what_was_answered(self) -> None:
        found = rule(numbered(answered("online", 5), told("before", 1)), reentry=False)

        assert reasons(found) == {"before": "already-used", "online": "admitted"}
        assert found[0].entry == found[1].move

    def test_lets_out_and_in_again(self) -> None:
        moves = numbered(told("c", 3), told("b", 2, OUT), told("a", 1), told("d", 4))

        found = rule(moves, reentry=True)

        assert reasons(found) == {
            "a": "admitted",
            "b": "left",
            "c": "admitted",
            "d": "already-used",
        }

    def test_drops_what_would_make_a_later_answer_untrue(self) -> None:
        moves = numbered(answered("online", 5), told("a", 1), told("b", 2), told("c", 3, OUT))

        found = reasons(rule(moves, reentry=True))

        assert found == {"a": "admitted", "b": "already-used", "c": "left", "online": "admitted"}
        moves = numbered(answered("online", 5), told("a", 1), told("b", 2))
        ruled = rule(moves, reentry=True)
        assert reasons(ruled) == {"a": "already-used", "b": "already-used", "online": "admitted"}
        assert {ruling.entry.scan_id for ruling in ruled if ruling.entry} == {"online"}

    @pytest.mark.parametrize("reentry", [True, False])
    @given(
        offline=st.lists(st.tuples(st.integers(0, 9), st.sampled_from([IN, OUT])), max_size=7),
        shuffled=st.randoms(use_true_random=False),
    )
    def test_depends_on_no_order(
        self, reentry: bool, offline: list[tuple[int, Direction]], shuffled: object
    ) -> None:
        moves = [told(f"s{n}", minute, way) for n, (minute, way) in enumerate(offline)]
        other = list(moves)
        shuffled.shuffle(other)  # type: ignore[attr-defined]  # a random.Random

        first, second = (rule(numbered(*each), reentry=reentry) for each in (moves, other))

        assert reasons(first) == reasons(second)
        assert_alternates(first, reentry=reentry)

    @given(
        steps=st.lists(
            st.tuples(st.booleans(), st.integers(0, 30), st.sampled_from([IN, OUT])), max_size=9
        )
    )
    def test_keeps_every_answer_true_as_more_is_told(
        self, steps: list[tuple[bool, int, Direction]]
    ) -> None:
        heard: list[Move] = []
        ids = count(1)
        for online, minute, way in steps:
            make = answered if online else told
            move = make(f"s{len(heard)}", minute, way, id_=next(ids))
            inside = is_inside(rule(heard, reentry=True))
            if online and inside == (way == IN):
                continue  # the shop would have refused it
            heard.append(move)

            ruled = rule(heard, reentry=True)

            assert len(ruled) == len(heard)
            assert all(ruling.counts for ruling in ruled if ruling.move.is_answered)
            assert_alternates(ruled, reentry=True)


def is_inside(rulings: list[Ruling]) -> bool:
    counting = [ruling for ruling in rulings if ruling.counts]
    return bool(counting) and counting[-1].reason == ScanReason.ADMITTED


def assert_alternates(rulings: list[Ruling], *, reentry: bool) -> None:
    ways = [ruling.move.direction for ruling in rulings if ruling.counts]
    assert ways == [IN if number % 2 == 0 else OUT for number in range(len(ways))]
    assert reentry or len(ways) <= 1

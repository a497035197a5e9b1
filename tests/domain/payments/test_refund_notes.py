from collections.abc import Callable

import pytest

from app.domain.ids import RefundId
from app.domain.money import Money
from app.domain.payments.refund_notes import name_in, note_of, own_among
from app.domain.ports import RefundReport, RefundStatus

AMOUNT = Money(250_000, "NGN")
REFERENCE = "TCK-7F.3a_X="
NOTE = note_of(RefundId(12), reference=REFERENCE, reason="I cannot  come 😀 & sorry")


def listed(number: int, note: str, *, amount: Money = AMOUNT) -> RefundReport:
    return RefundReport(str(number), RefundStatus.PENDING, amount, note)


def found(
    *reports: RefundReport, was_sent: bool = False, others: dict[int, str | None] | None = None
) -> str | None:
    own = own_among(
        reports,
        refund_id=RefundId(12),
        reference=REFERENCE,
        amount=AMOUNT,
        was_sent=was_sent,
        others={RefundId(number): known for number, known in (others or {}).items()},
    )
    return None if own is None else own.id


class TestNameIn:
    @pytest.mark.parametrize(
        "alter",
        [
            str,
            str.upper,
            lambda note: " ".join(note.split()),
            lambda note: note.replace("😀", "?"),
            lambda note: note.replace(" ", "\u00a0"),
            lambda note: note.replace("&", "&amp;"),
            lambda note: note[:40],
            lambda note: f"  {note}  ",
            lambda note: note.replace(":", ""),
        ],
    )
    def test_is_read_in_an_altered_note(self, alter: Callable[[str], str]) -> None:
        assert name_in(alter(NOTE)) == name_in(NOTE)

    @pytest.mark.parametrize(
        "note",
        ["", "Refund", "refund 12", "Refund of payment TCK-1", "Refund 1?2 of payment TCK", "x"],
    )
    def test_is_missing_where_there_is_none(self, note: str) -> None:
        assert name_in(note) is None

    def test_tells_payments_apart_that_begin_alike(self) -> None:
        longer = note_of(RefundId(12), reference=f"{REFERENCE}1", reason="x")

        assert name_in(longer) != name_in(NOTE)


class TestOwnAmong:
    def test_is_the_one_that_names_it(self) -> None:
        others = [
            listed(1, note_of(RefundId(1), reference=REFERENCE, reason="x")),
            listed(2, note_of(RefundId(12), reference="TCK-other", reason="x")),
            listed(3, NOTE, amount=Money(1, "NGN")),
            listed(4, ""),
        ]

        assert found(*others) is None
        assert found(*others, listed(5, NOTE)) == "5"

    def test_may_have_lost_its_name_once_it_was_sent(self) -> None:
        nameless = listed(5, NOTE.replace("12", "1?"))

        assert found(nameless) is None
        assert found(nameless, was_sent=True) == "5"

    def test_is_no_refund_of_another_row(self) -> None:
        theirs = note_of(RefundId(13), reference=REFERENCE, reason="x")

        assert found(listed(5, theirs), was_sent=True, others={13: None}) is None
        assert found(listed(5, "?"), was_sent=True, others={13: "5"}) is None
        assert found(listed(5, "?"), listed(6, "?"), was_sent=True, others={13: "5"}) == "6"

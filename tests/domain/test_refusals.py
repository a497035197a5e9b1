from datetime import timedelta

import pytest

from app.domain.errors import SoldOut, TicketingError, TooManyLogins, Unavailable


class TestTicketingError:
    @pytest.mark.parametrize(
        ("name", "code"),
        [("SoldOut", "sold-out"), ("Busy2Day", "busy2-day"), ("QrCodeMissing", "qr-code-missing")],
    )
    def test_has_its_name_as_code(self, name: str, code: str) -> None:
        refusal: type[TicketingError] = type(name, (Unavailable,), {})

        assert refusal.code == code

    def test_carries_facts_for_programs(self) -> None:
        refusal = SoldOut(7, requested=2)

        assert refusal.detail == str(refusal) == "Fewer than 2 places are left."
        assert refusal.facts == {"event_id": 7, "requested": 2}

    def test_says_when_to_come_back(self) -> None:
        refusal: TicketingError = TooManyLogins(timedelta(seconds=90))

        assert isinstance(refusal, TooManyLogins)
        assert refusal.retry_after == timedelta(seconds=90)

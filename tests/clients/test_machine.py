"""The machine's clock, and names that cannot be guessed."""

import re
from collections.abc import Callable
from datetime import UTC

import pytest

from app.clients.machine import RandomIds, SystemClock

IDS = RandomIds()
AMOUNT = 2000


class TestPaymentReference:
    def test_is_made_of_what_paystack_takes(self) -> None:
        assert re.fullmatch(r"TCK-[0-9A-HJKMNP-TV-Z]{26}", IDS.payment_reference())


class TestShortCode:
    def test_is_four_groups_of_letters_nobody_mixes_up(self) -> None:
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", IDS.short_code())

    def test_uses_every_letter_in_every_place(self) -> None:
        codes = [IDS.short_code().replace("-", "") for _ in range(AMOUNT)]

        letters = [set(place) for place in zip(*codes, strict=True)]

        assert [len(place) for place in letters] == [32] * 16


class TestToken:
    def test_is_43_url_safe_characters(self) -> None:
        assert re.fullmatch(r"[\w-]{43}", IDS.token(), re.ASCII)


@pytest.mark.parametrize("make", [IDS.payment_reference, IDS.short_code, IDS.token])
class TestEveryName:
    def test_is_new(self, make: Callable[[], str]) -> None:
        assert len({make() for _ in range(AMOUNT)}) == AMOUNT


class TestNow:
    def test_is_aware_and_in_utc(self) -> None:
        assert SystemClock().now().tzinfo is UTC

    def test_does_not_go_back(self) -> None:
        clock = SystemClock()

        earlier, later = clock.now(), clock.now()

        assert earlier <= later

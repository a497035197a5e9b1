from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import MAXIMUM_CHARGE_MINOR, MINIMUM_CHARGE_MINOR, Money, smallest_coin

CURRENCIES = sorted(MINIMUM_CHARGE_MINOR)


class TestFromMajor:
    @given(st.integers(0, MAXIMUM_CHARGE_MINOR), st.sampled_from(CURRENCIES))
    def test_takes_back_what_major_gives(self, minor: int, currency: str) -> None:
        money = Money(minor, currency).in_whole_coins

        assert 0 <= minor - money.minor < smallest_coin(currency)
        assert Money.from_major(money.major, currency) == money

    @given(
        st.decimals(min_value=0, max_value=10_000_000, places=3).filter(
            lambda amount: amount * 100 != int(amount * 100)
        )
    )
    def test_refuses_parts_of_a_coin(self, amount: Decimal) -> None:
        with pytest.raises(ValueError, match="smallest coin"):
            Money.from_major(amount, "NGN")

    @pytest.mark.parametrize("amount", ["0.01", "0.50", "1500.5"])
    def test_refuses_parts_of_a_unit_without_coins(self, amount: str) -> None:
        with pytest.raises(ValueError, match="smallest coin"):
            Money.from_major(Decimal(amount), "XOF")

        assert Money.from_major(Decimal("1500.00"), "XOF").minor == 150_000

    @pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
    def test_refuses_what_is_no_number(self, amount: str) -> None:
        with pytest.raises(ValueError, match="smallest coin"):
            Money.from_major(Decimal(amount), "NGN")

    @pytest.mark.parametrize(
        ("amount", "minor"),
        [("0", 0), ("0.01", 1), ("0.1", 10), ("12.5", 1250), ("2.5E+3", 250_000), ("1.10", 110)],
    )
    def test_counts_minor_units(self, amount: str, minor: int) -> None:
        assert Money.from_major(Decimal(amount), "NGN").minor == minor


class TestMoney:
    def test_reads_like_a_price(self) -> None:
        assert str(Money(123_456_789, "NGN")) == "NGN 1,234,567.89"
        assert str(Money(5, "GHS")) == "GHS 0.05"

    @pytest.mark.parametrize(
        ("money", "written"),
        [
            (Money(250_000, "NGN"), "₦2,500.00"),
            (Money(5, "GHS"), "GH₵0.05"),
            (Money(100, "USD"), "$1.00"),
            (Money(100, "ZAR"), "R1.00"),
            (Money(30_000, "KES"), "KSh 300.00"),
            (Money(100_000, "XOF"), "CFA 1,000"),
            (Money(0, "XOF"), "CFA 0"),
            (Money(1_515, "XOF"), "CFA 15.15"),
        ],
    )
    def test_is_written_as_people_write_it(self, money: Money, written: str) -> None:
        assert money.as_people_write == written

    def test_is_free_at_nothing_only(self) -> None:
        assert Money(0, "NGN").is_free
        assert not Money(1, "NGN").is_free

    def test_differs_by_currency(self) -> None:
        assert Money(100, "NGN") != Money(100, "GHS")

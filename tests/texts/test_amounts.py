import pytest

from app.domain.languages import Language
from app.domain.money import Money
from app.texts.amounts import in_code, price, written
from app.texts.catalogue import written_in


class TestAmounts:
    @pytest.mark.parametrize(
        ("money", "english", "french"),
        [
            (Money(250_000, "NGN"), "₦2,500", "2 500 ₦"),
            (Money(250_050, "NGN"), "₦2,500.50", "2 500,50 ₦"),
            (Money(123_456_700, "NGN"), "₦1,234,567", "1 234 567 ₦"),
            (Money(250_000, "GHS"), "GH₵2,500", "2 500 GH₵"),
            (Money(250_000, "KES"), "KSh 2,500", "2 500 KSh"),
            (Money(250_000, "XOF"), "CFA 2,500", "2 500 F CFA"),
            (Money(250_050, "XOF"), "CFA 2,500.50", "2 500,50 F CFA"),
            (Money(250_000, "USD"), "$2,500", "2 500 $"),
            (Money(250_000, "ZAR"), "R2,500", "2 500 R"),
            (Money(250_000, "EUR"), "EUR 2,500", "2 500 EUR"),
            (Money(-250_000, "NGN"), "₦-2,500", "-2 500 ₦"),
            (Money(0, "NGN"), "Free", "Gratuit"),
        ],
    )
    def test_are_written_as_people_do(self, money: Money, english: str, french: str) -> None:
        assert price(money) == english
        with written_in(Language.FRENCH):
            # No line ends within an amount.
            assert " " not in price(money)
            assert price(money).replace("\u202f", " ").replace("\u00a0", " ") == french

    def test_keep_empty_decimals_where_sums_stand_in_columns(self) -> None:
        assert written(Money(250_000, "NGN")) == "₦2,500.00"
        assert in_code(Money(250_000, "NGN")) == "NGN 2,500.00"
        with written_in(Language.FRENCH):
            assert written(Money(250_000, "NGN")) == "2\u202f500,00\u00a0₦"
            assert in_code(Money(250_000, "XOF")) == "2\u202f500\u00a0F\u202fCFA"

from collections.abc import Mapping

import pytest

from app.paystack_mock.values.cards import CARDS
from tests.paystack_mock.conftest import Customer, Shop


class TestCard:
    """Every test card, with the answers it wants."""

    CASES: Mapping[str, tuple[str, list[tuple[str, str]], str]] = {
        "4084084084084081": ("408", [], "Successful"),
        "507850785078507812": ("081", [("pin", "1111")], "Successful"),
        "5060666666666666666": ("123", [("pin", "1234"), ("otp", "123456")], "Successful"),
        "507850785078507804": (
            "884",
            [("pin", "0000"), ("phone", "+234 801 234 5678"), ("otp", "123456")],
            "Successful",
        ),
        "5192602720584796": ("123", [("bank", "approve")], "Successful"),
        "4084080000005408": ("001", [], "Declined"),
        "507850785078507853": ("082", [("pin", "0000")], "Token Not Generated"),
        "4084080000670037": ("787", [], "Insufficient Funds"),
        "4084080000671803": ("180", [], "Successful"),
        "4084080000671902": ("190", [], "Successful"),
    }

    def test_is_among_the_cases(self) -> None:
        assert {card.number for card in CARDS} == set(self.CASES)

    @pytest.mark.parametrize("number", CASES)
    def test_does_what_it_is_for(self, checkout_shop: Shop, number: str) -> None:
        cvv, steps, outcome = self.CASES[number]
        customer = Customer(checkout_shop)

        customer.pay(number, cvv)
        for step, answer in steps:
            assert f'name="step" value="{step}"' in customer.look()
            assert checkout_shop.verify()["status"] == ("abandoned" if step == "pin" else "ongoing")
            customer.answer(step, answer)

        ended = checkout_shop.verify()
        assert ended["gateway_response"] == outcome
        assert ended["status"] == ("success" if outcome == "Successful" else "failed")

    @pytest.mark.parametrize(
        ("number", "cvv", "answers", "reason"),
        [
            ("507850785078507812", "081", [("pin", "9999")], "Incorrect PIN"),
            (
                "5060666666666666666",
                "123",
                [("pin", "1234"), ("otp", "000000")],
                "Token Authorization Not Successful",
            ),
            (
                "507850785078507804",
                "884",
                [("pin", "0000"), ("phone", "1")],
                "Invalid phone number",
            ),
            ("5192602720584796", "123", [("bank", "decline")], "Declined"),
        ],
    )
    def test_fails_at_the_first_wrong_answer(
        self,
        checkout_shop: Shop,
        number: str,
        cvv: str,
        answers: list[tuple[str, str]],
        reason: str,
    ) -> None:
        customer = Customer(checkout_shop)
        customer.pay(number, cvv)

        for step, answer in answers:
            customer.answer(step, answer)

        failed = checkout_shop.verify()
        assert (failed["status"], failed["gateway_response"]) == ("failed", reason)

    def test_takes_no_right_pin_after_a_wrong_one(self, checkout_shop: Shop) -> None:
        customer = Customer(checkout_shop)
        customer.pay("507850785078507812", "081")
        customer.answer("pin", "9999")

        customer.answer("pin", "1111")

        assert checkout_shop.verify()["gateway_response"] == "Incorrect PIN"

    def test_cannot_skip_a_step(self, checkout_shop: Shop) -> None:
        customer = Customer(checkout_shop)
        customer.pay("5060666666666666666", "123")

        customer.answer("otp", "123456")

        assert checkout_shop.verify()["status"] == "abandoned"

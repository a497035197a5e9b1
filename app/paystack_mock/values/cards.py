"""The test cards and what each of them does."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """Something the customer is asked after the card itself."""

    PIN = "pin"
    PHONE = "phone"
    OTP = "otp"
    BANK = "bank"


class RefundEnd(StrEnum):
    """How a refund to the card ends."""

    PROCESSED = "processed"
    FAILED = "failed"
    NEEDS_ATTENTION = "needs-attention"


@dataclass(frozen=True, slots=True)
class TestCard:
    """``declined_as`` is empty for a card that pays."""

    __test__ = False  # not a test class, whatever its name makes pytest think

    number: str
    cvv: str
    note: str
    brand: str
    steps: tuple[Step, ...] = ()
    pin: str = ""
    otp: str = ""
    declined_as: str = ""
    reusable: bool = False
    refund_ends: RefundEnd = RefundEnd.PROCESSED

    @property
    def grouped(self) -> str:
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))

    def refusal_of(self, step: Step, answer: str) -> str:
        """Tell why ``answer`` ends the charge; empty when it goes on.

        The first wrong answer ends it, as Paystack's test cards do.
        """
        digits = "".join(c for c in answer if c in "0123456789")
        match step:
            case Step.PIN:
                return "" if digits == self.pin else "Incorrect PIN"
            case Step.OTP:
                return "" if digits == self.otp else "Token Authorization Not Successful"
            case Step.PHONE:
                return "" if 7 <= len(digits) <= 15 else "Invalid phone number"
            case Step.BANK:
                return "" if answer == "approve" else "Declined"


UNKNOWN_CARD = "Transaction declined. Please use the test card."

PAYING_CARD = TestCard(
    "4084084084084081", "408", "pays at once, reusable", brand="visa", reusable=True
)
REFUND_FAILS_CARD = TestCard(
    "4084080000671803",
    "180",
    "pays; a later refund fails",
    brand="visa",
    refund_ends=RefundEnd.FAILED,
)
REFUND_NEEDS_ATTENTION_CARD = TestCard(
    "4084080000671902",
    "190",
    "pays; a later refund needs attention",
    brand="visa",
    refund_ends=RefundEnd.NEEDS_ATTENTION,
)

CARDS: tuple[TestCard, ...] = (
    PAYING_CARD,
    TestCard(
        "507850785078507812",
        "081",
        "asks for PIN 1111, then pays",
        brand="verve",
        steps=(Step.PIN,),
        pin="1111",
    ),
    TestCard(
        "5060666666666666666",
        "123",
        "asks for PIN 1234 and OTP 123456, then pays",
        brand="verve",
        steps=(Step.PIN, Step.OTP),
        pin="1234",
        otp="123456",
    ),
    TestCard(
        "507850785078507804",
        "884",
        "asks for PIN 0000, a phone number and OTP 123456, then pays",
        brand="verve",
        steps=(Step.PIN, Step.PHONE, Step.OTP),
        pin="0000",
        otp="123456",
    ),
    TestCard(
        "5192602720584796",
        "123",
        "asks on a bank page, then pays, reusable",
        brand="mastercard",
        steps=(Step.BANK,),
        reusable=True,
    ),
    TestCard("4084080000005408", "001", "is declined", brand="visa", declined_as="Declined"),
    TestCard(
        "507850785078507853",
        "082",
        "asks for PIN 0000, then fails: no token",
        brand="verve",
        steps=(Step.PIN,),
        pin="0000",
        declined_as="Token Not Generated",
    ),
    TestCard(
        "4084080000670037",
        "787",
        "has insufficient funds",
        brand="visa",
        declined_as="Insufficient Funds",
    ),
    REFUND_FAILS_CARD,
    REFUND_NEEDS_ATTENTION_CARD,
)

_BY_NUMBER = {card.number: card for card in CARDS}


def find_card(number: str) -> TestCard | None:
    """Find the test card; spaces and dashes in ``number`` do not matter."""
    return _BY_NUMBER.get(number.replace(" ", "").replace("-", ""))

"""Behaviours a tester asks for by the buyer's e-mail or by metadata."""

from collections.abc import Mapping

BEHAVIOURS: Mapping[str, str] = {
    "declined": "The simulated customer's card is declined: status failed, no webhook.",
    "outage": "The connection breaks while initialize is answered; nothing is stored.",
    "outage500": "Initialize answers HTTP 500 with no JSON; nothing is stored.",
    "slow": "Initialize and verify answer only after a long time; the payment succeeds.",
    "webhook-late": "The payment succeeds at once, its webhook comes much later.",
    "webhook-twice": "The payment succeeds and its webhook is delivered twice.",
    "webhook-first": "The webhook is delivered before initialize is answered.",
    "no-webhook": "The payment succeeds and no webhook ever comes.",
    "not-found-yet": "The payment succeeds at once, but verify does not find it for a while.",
    "pending": "The payment is pending for a while, then it succeeds.",
    "processing": "The payment is processing for a while, then it succeeds.",
    "queued": "The payment is queued for a while, then it succeeds.",
    "bank-transfer": "The payment is ongoing for a while; then a bank transfer arrives.",
    "wrong-amount": "The payment succeeds, but only half of the amount was charged.",
    "customer-fees": "The payment succeeds; the customer paid the fee on top of the amount.",
    "checkout": "Paying is left to the checkout page, as with autopay off.",
    "abandoned": "The customer never pays; the checkout page says the session is over.",
    "refund-refused": "The payment succeeds; a later refund is refused.",
    "refund-failed": "The payment succeeds; a later refund ends failed.",
    "refund-needs-attention": "The payment succeeds; a later refund ends needs-attention.",
    "dispute-won": "The payment succeeds; its buyer disputes it, and the shop keeps the money.",
    "dispute-lost": "The payment succeeds; its buyer disputes it and gets the money back.",
}
"""Names to their meaning: ``declined@example.com``, ``declined+7@example.com`` or
``metadata={"simulate": "declined"}``. Metadata goes before the e-mail."""

_NEVER_PAYS_BY_ITSELF = frozenset({"checkout", "abandoned"})


def behaviour_of(email: str, metadata: object) -> str | None:
    """Name the behaviour asked for; an unknown name asks for nothing."""
    if isinstance(metadata, Mapping):
        wanted = metadata.get("simulate")
        if isinstance(wanted, str) and wanted in BEHAVIOURS:
            return wanted
    name = email.partition("@")[0].partition("+")[0].lower()
    return name if name in BEHAVIOURS else None


def pays_by_itself(behaviour: str | None, *, autopay: bool) -> bool:
    return autopay and behaviour not in _NEVER_PAYS_BY_ITSELF

"""What the provider's simulator has in its books, read behind its back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from app.domain.money import Money
from app.domain.ports import ChargeReport, ChargeStatus, RefundStatus
from app.domain.ports.payments import MoneyBack, ProviderLedger

CHARGES: Final = "SELECT status, reference, amount_minor, currency FROM transactions"
REFUNDS: Final = """
SELECT t.reference, r.amount_minor, r.currency, r.status
FROM refunds r JOIN transactions t ON t.id = r."transaction"
"""

TOOK_MONEY: Final = {
    "success": ChargeStatus.PAID,
    "reversed": ChargeStatus.REVERSED,
    "reversal-pending": ChargeStatus.REVERSED,
}


def charge_status(text: str) -> ChargeStatus:
    """The simulator's word for a transaction's status, as far as money was taken for it."""
    return TOOK_MONEY.get(text, ChargeStatus.OPEN)


def provider_books(store: Path) -> ProviderLedger:
    """Every charge and refund in a simulator's file."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=10)) as books:
        return ProviderLedger(
            [
                ChargeReport(charge_status(status), reference, Money(minor, currency))
                for status, reference, minor, currency in books.execute(CHARGES)
            ],
            [
                MoneyBack(reference, Money(minor, currency), RefundStatus(status))
                for reference, minor, currency, status in books.execute(REFUNDS)
            ],
        )

"""Who is calling: the secret key picks the account."""

import hmac
import re
import threading

from pydantic import SecretStr

from app.paystack_mock.desks import ledger
from app.paystack_mock.store import Store
from app.paystack_mock.values import refusals
from app.paystack_mock.values.moments import Clock, to_ms
from app.paystack_mock.values.records import Account

_TEST_KEY = re.compile(r"sk_test_[A-Za-z0-9_-]{1,200}")
_WINDOW_MS = 60_000
_MOST_SEEN = 100
"""Accounts remembered; others are looked up each time."""


class KeyCheck:
    """Keys stay out of logs and messages: they are compared, looked up, and no more."""

    def __init__(self, store: Store, only: SecretStr | None) -> None:
        self._store = store
        self._only = only
        # An account is never changed or deleted, so one that was seen needs no second look.
        self._seen: dict[str, Account] = {}

    def account_of(self, authorization: str | None) -> Account:
        """Find the account of the key, made on first sight.

        Raises:
            Refusal: no key, no secret test key, or not the one that was set.
        """
        if not authorization:
            raise refusals.no_authorization()
        scheme, _, key = authorization.strip().partition(" ")
        key = key.strip()
        if scheme.lower() != "bearer" or not key:
            raise refusals.invalid_key()
        if key.startswith("sk_live_"):
            raise refusals.live_key()
        if not self._is_taken(key):
            raise refusals.invalid_key()
        account = self._seen.get(key) or ledger.find_account(self._store.reading(), key)
        if account is None:
            with self._store.writing() as db:
                account = ledger.add_account(db, key)
        if len(self._seen) < _MOST_SEEN:
            self._seen[key] = account
        return account

    def _is_taken(self, key: str) -> bool:
        if self._only is None:
            return _TEST_KEY.fullmatch(key) is not None
        return hmac.compare_digest(key.encode(), self._only.get_secret_value().encode())


class RateLimit:
    """So many requests per account and minute, counted per process."""

    def __init__(self, limit: int, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[int, tuple[int, int]] = {}

    def count(self, account: Account) -> tuple[dict[str, str], bool]:
        """Count one request: its rate limit headers, and whether it is within the limit."""
        now = to_ms(self._clock())
        with self._lock:
            started, seen = self._windows.get(account.id, (now, 0))
            if now - started >= _WINDOW_MS:
                started, seen = now, 0
            seen += 1
            self._windows[account.id] = (started, seen)
        headers = {
            "x-ratelimit-limit": str(self._limit),
            "x-ratelimit-remaining": str(max(0, self._limit - seen)),
            "x-ratelimit-reset": str((started + _WINDOW_MS - now) // 1000),
        }
        return headers, seen <= self._limit

"""Delivers webhooks from the store, each signed with its account's key."""

import hashlib
import hmac
import logging
import sqlite3
import threading
from dataclasses import dataclass
from typing import Any

import httpx

from app.paystack_mock.desks.ledger import to_json
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.store import Store
from app.paystack_mock.values.moments import Clock, length_ms, to_ms
from app.paystack_mock.values.records import Account

_log = logging.getLogger(__name__)

_LEASE_BEYOND_TIMEOUT_MS = 5_000
_MOST_DOUBLINGS = 12


@dataclass(frozen=True, slots=True)
class _Delivery:
    """A delivery claimed by us; ``attempts`` counts this one too."""

    id: int
    url: str
    event: str
    body: bytes
    attempts: int
    secret_key: str


def sign(secret_key: str, body: bytes) -> str:
    """Lowercase hex HMAC-SHA512 of the raw body."""
    return hmac.new(secret_key.encode(), body, hashlib.sha512).hexdigest()


class Courier:
    """Rows of ``deliveries`` are claimed one by one, so processes may share the store.

    A claim moves ``due_at_ms`` past the attempt's time limit: should the claimer
    die, the row falls due again and another one delivers it. A webhook goes to the address
    that its deliverer's settings name: where it was posted, it may be out of date by then.
    """

    def __init__(
        self, store: Store, settings: MockSettings, client: httpx.Client | None, clock: Clock
    ) -> None:
        self._store = store
        self._settings = settings
        self._given_client = client
        self._own_client: httpx.Client | None = None
        self._client_lock = threading.Lock()
        self._clock = clock

    def post_later(
        self,
        db: sqlite3.Connection,
        account: Account,
        event: str,
        body: dict[str, Any],
        *,
        due_at_ms: int,
    ) -> int | None:
        """Put a webhook into the caller's transaction; None without a webhook URL."""
        url = self._settings.webhook_url
        if not url:
            return None
        raw = to_json({"event": event, "data": body}).encode()
        cursor = db.execute(
            "INSERT INTO deliveries (account, url, event, body, due_at_ms) VALUES (?, ?, ?, ?, ?)",
            (account.id, url, event, raw, due_at_ms),
        )
        return cursor.lastrowid

    def deliver_next(self) -> bool:
        """Deliver the oldest due webhook; False when none is due."""
        claimed = self._claim(
            "SELECT id FROM deliveries WHERE state = 'pending' AND due_at_ms <= ?"
            " ORDER BY due_at_ms, id LIMIT 1",
            self._now_ms(),
        )
        if claimed is None:
            return False
        self._deliver(claimed, length_ms(self._settings.webhook_timeout))
        return True

    def deliver_one(self, delivery_id: int) -> None:
        """Deliver this webhook now, within the short limit of `webhook-first`."""
        claimed = self._claim("SELECT ?", delivery_id)
        if claimed is not None:
            self._deliver(claimed, length_ms(self._settings.webhook_first_limit))

    def next_due_ms(self) -> int | None:
        row = (
            self._store.reading()
            .execute("SELECT min(due_at_ms) FROM deliveries WHERE state = 'pending'")
            .fetchone()
        )
        due_at_ms: int | None = row[0]
        return due_at_ms

    def close(self) -> None:
        """Close our own client, if one was made; a later delivery makes a new one."""
        with self._client_lock:
            if self._own_client is not None:
                self._own_client.close()
                self._own_client = None

    def _claim(self, which: str, *values: int) -> _Delivery | None:
        longest = max(self._settings.webhook_timeout, self._settings.webhook_first_limit)
        lease_ends = self._now_ms() + length_ms(longest) + _LEASE_BEYOND_TIMEOUT_MS
        claim = (
            "UPDATE deliveries SET attempts = attempts + 1, due_at_ms = ?"  # noqa: S608  (no value in it)
            f" WHERE state = 'pending' AND id = ({which})"
            " RETURNING id, url, event, body, attempts,"
            " (SELECT secret_key FROM accounts WHERE accounts.id = deliveries.account)"
        )
        # Looking first spares the write lock while nothing is due.
        if self._store.reading().execute(which, values).fetchone() is None:
            return None
        with self._store.writing() as db:
            row = db.execute(claim, (lease_ends, *values)).fetchone()
        return _Delivery(*row) if row else None

    def _deliver(self, delivery: _Delivery, limit_ms: int) -> None:
        answer = self._post(delivery, self._settings.webhook_url or delivery.url, limit_ms / 1000)
        if answer == "200":
            state, due_at_ms = "delivered", self._now_ms()
        elif delivery.attempts >= self._settings.webhook_attempts:
            state, due_at_ms = "failed", self._now_ms()
            _log.warning("webhook %s %d given up: %s", delivery.event, delivery.id, answer)
        else:
            doublings = min(delivery.attempts - 1, _MOST_DOUBLINGS)
            wait_ms = length_ms(self._settings.webhook_retry_after) << doublings
            state, due_at_ms = "pending", self._now_ms() + wait_ms
            _log.info("webhook %s %d is tried again: %s", delivery.event, delivery.id, answer)
        with self._store.writing() as db:
            db.execute(
                "UPDATE deliveries SET state = ?, due_at_ms = ? WHERE id = ? AND state = 'pending'",
                (state, due_at_ms, delivery.id),
            )

    def _post(self, delivery: _Delivery, url: str, limit_seconds: float) -> str:
        """Tell the status answered, or the name of what went wrong."""
        headers = {
            "content-type": "application/json",
            "user-agent": "paystack-simulator",
            "x-paystack-signature": sign(delivery.secret_key, delivery.body),
        }
        timeout = httpx.Timeout(limit_seconds).as_dict()
        try:
            # Made directly: a client's post() merges URLs and headers at twice the price.
            request = httpx.Request(
                "POST",
                url,
                content=delivery.body,
                headers=headers,
                extensions={"timeout": timeout},
            )
            response = self._client().send(request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__
        return str(response.status_code)

    def _client(self) -> httpx.Client:
        if self._given_client is not None:
            return self._given_client
        with self._client_lock:
            if self._own_client is None:
                # A proxy of this machine has no business between us and the shop.
                self._own_client = httpx.Client(trust_env=False)
            return self._own_client

    def _now_ms(self) -> int:
        return to_ms(self._clock())

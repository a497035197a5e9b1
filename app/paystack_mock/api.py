"""The API under Paystack's paths."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.paystack_mock import queries
from app.paystack_mock.desks import ledger
from app.paystack_mock.desks.cashier import Cashier
from app.paystack_mock.desks.charge_requests import ChargeRequest, read_charge_request
from app.paystack_mock.desks.courier import Courier
from app.paystack_mock.desks.refunds import RefundDesk
from app.paystack_mock.keys import KeyCheck, RateLimit
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.shapes import answers
from app.paystack_mock.shapes import charges as shapes
from app.paystack_mock.shapes import refunds as refund_shapes
from app.paystack_mock.shapes.answers import success
from app.paystack_mock.store import Store
from app.paystack_mock.values import refusals
from app.paystack_mock.values.bodies import read_fields, read_query
from app.paystack_mock.values.records import Account, Transaction

_CALLBACK = "/payments/callback"
"""Where the shop that we are mounted in has its callback; what precedes it, precedes us as well."""

Endpoint = Callable[[Request, Account], Awaitable[Response]]

_TRANSACTION_CALLS = (
    *("totals", "export", "charge_authorization", "check_authorization", "partial_debit"),
    *("timeline", "event", "session"),
)
_NOT_SIMULATED = (
    *(f"/transaction/{name}" for name in _TRANSACTION_CALLS),
    *(f"/transaction/{name}/{{rest:path}}" for name in _TRANSACTION_CALLS),
    *(
        f"/{area}{rest}"
        for area in ("customer", "charge", "dispute", "settlement", "bank", "country", "balance")
        for rest in ("", "/{rest:path}")
    ),
)
"""Calls Paystack has and the simulator has not."""


class _Unknown:
    """Answers every method; Starlette takes a function for GET only."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        refusal = refusals.not_simulated(f"{request.method} {request.url.path}")
        await answers.refused(request, refusal)(scope, receive, send)


_refuse_unknown = _Unknown()


class Api:
    """Store work runs right on the event loop: each piece takes well under a millisecond."""

    def __init__(
        self,
        *,
        settings: MockSettings,
        store: Store,
        keys: KeyCheck,
        rate_limit: RateLimit | None,
        cashier: Cashier,
        refund_desk: RefundDesk,
        courier: Courier,
    ) -> None:
        self._settings = settings
        self._store = store
        self._keys = keys
        self._rate_limit = rate_limit
        self._cashier = cashier
        self._refund_desk = refund_desk
        self._courier = courier

    def routes(self) -> list[Route]:
        """Every path with and without a trailing slash; neither redirects."""
        table: dict[str, dict[str, Endpoint]] = {
            "/transaction/initialize": {"POST": self._initialize},
            "/transaction/verify/{reference}": {"GET": self._verify},
            "/transaction": {"GET": self._list},
            "/transaction/{id}": {"GET": self._fetch},
            "/refund": {"POST": self._refund, "GET": self._list_refunds},
            "/refund/{id}": {"GET": self._fetch_refund},
            "/refund/retry_with_customer_details/{id}": {"POST": self._retry_refund},
        }
        known = [
            Route(spelling, self._for_account(endpoints), methods=list(endpoints))
            for path, endpoints in table.items()
            for spelling in (path, f"{path}/")
        ]
        # Before the known ones: `/transaction/totals` is no id.
        return [Route(path, _refuse_unknown) for path in _NOT_SIMULATED] + known

    def _for_account(
        self, endpoints: dict[str, Endpoint]
    ) -> Callable[[Request], Awaitable[Response]]:
        """One route for all methods of a path, so that a 405 names every one of them."""

        async def answer(request: Request) -> Response:
            endpoint = endpoints["GET" if request.method == "HEAD" else request.method]
            account = self._keys.account_of(request.headers.get("authorization"))
            if self._rate_limit is None:
                return await endpoint(request, account)
            headers, is_within = self._rate_limit.count(account)
            try:
                if not is_within:
                    raise refusals.rate_limited()
                response = await endpoint(request, account)
            except refusals.Refusal as refusal:
                response = answers.refused(request, refusal)
            response.headers.update(headers)
            return response

        return answer

    async def _initialize(self, request: Request, account: Account) -> Response:
        charge_request = read_charge_request(await read_fields(request), self._settings.currencies)
        if charge_request.behaviour == "outage":
            return answers.BrokenConnection()
        if charge_request.behaviour == "outage500":
            return answers.outage_without_json()
        ip_address = request.client.host if request.client else "127.0.0.1"
        taken = self._cashier.open(account, charge_request, ip_address)
        if taken.deliver_first is not None:
            await run_in_threadpool(self._courier.deliver_one, taken.deliver_first)
        await self._take_time(taken.transaction)
        access_code = taken.transaction.access_code
        origin = self._origin(request, charge_request)
        return success(
            "Authorization URL created",
            {
                "authorization_url": f"{origin}/checkout/{access_code}",
                "access_code": access_code,
                "reference": taken.transaction.reference,
            },
        )

    async def _verify(self, request: Request, account: Account) -> Response:
        reference = request.path_params["reference"]
        transaction = self._cashier.verify(account, reference)
        if transaction is None:
            raise refusals.reference_not_found()
        await self._take_time(transaction)
        return success("Verification successful", shapes.verified(transaction))

    async def _list(self, request: Request, account: Account) -> Response:
        query = await read_query(request)
        wanted = queries.transactions_wanted(account, query)
        db = self._store.reading()
        if queries.uses_cursor(query):
            page = queries.cursor_page(query)
            found = ledger.list_transactions(db, wanted, page)
            meta, shown = queries.cursor_meta(page, [row.id for row in found])
            found = found[shown]
        else:
            page, number = queries.offset_page(query)
            found = ledger.list_transactions(db, wanted, page)
            total, volume = ledger.count_transactions(db, wanted)
            meta = queries.offset_meta(total, page, number) | {"total_volume": volume}
        return success("Transactions retrieved", [shapes.listed(row) for row in found], meta)

    async def _fetch(self, request: Request, account: Account) -> Response:
        transaction_id = queries.numeric_id(request.path_params["id"])
        transaction = ledger.transaction_by_id(self._store.reading(), account, transaction_id)
        if transaction is None:
            raise refusals.transaction_not_found()
        return success("Transaction retrieved", shapes.fetched(transaction))

    async def _refund(self, request: Request, account: Account) -> Response:
        refund, transaction = self._refund_desk.open(account, await read_fields(request))
        return success(
            "Refund has been queued for processing",
            refund_shapes.opened(account, refund, transaction),
        )

    async def _list_refunds(self, request: Request, account: Account) -> Response:
        query = await read_query(request)
        wanted = queries.refunds_wanted(account, query)
        page, number = queries.offset_page(query)
        db = self._store.reading()
        rows = [
            refund_shapes.fetched(account, refund, ledger.transaction_of(db, account, refund))
            for refund in ledger.list_refunds(db, wanted, page)
        ]
        total, failed = ledger.count_refunds(db, wanted)
        meta = queries.offset_meta(total, page, number) | {"failedRefundCount": failed}
        return success("Refunds retrieved", rows, meta)

    async def _fetch_refund(self, request: Request, account: Account) -> Response:
        db = self._store.reading()
        refund = ledger.refund_by_id(db, account, queries.find_id(request.path_params["id"]) or 0)
        if refund is None:
            raise refusals.refund_not_found()
        transaction = ledger.transaction_of(db, account, refund)
        return success("Refund retrieved", refund_shapes.fetched(account, refund, transaction))

    async def _retry_refund(self, request: Request, account: Account) -> Response:
        fields = await read_fields(request)
        bank = fields.get("refund_account_details")
        if not isinstance(bank, dict) or not (bank.get("account_number") and bank.get("bank_id")):
            raise refusals.missing("refund_account_details")
        refund_id = queries.find_id(request.path_params["id"]) or 0
        refund, transaction = self._refund_desk.retry(account, refund_id)
        return success(
            "Refund retried and has been queued for processing",
            refund_shapes.retried(account, refund, transaction),
        )

    async def _take_time(self, transaction: Transaction) -> None:
        if transaction.details.behaviour == "slow":
            await asyncio.sleep(self._settings.slow_answer.total_seconds())

    def _origin(self, request: Request, charge_request: ChargeRequest) -> str:
        """Where browsers reach the checkout: as set, or at the shop, or where we were called."""
        if self._settings.public_url:
            return self._settings.public_url.rstrip("/")
        if self._settings.mount_path and charge_request.callback_url:
            shop = urlsplit(charge_request.callback_url)
            root_path, found, _ = shop.path.partition(_CALLBACK)
            mount = f"{root_path if found else ''}/{self._settings.mount_path.strip('/')}"
            return f"{shop.scheme}://{shop.netloc}{mount}"
        host = request.headers.get("host", "127.0.0.1:8001")
        return f"{request.scope['scheme']}://{host}{request.scope.get('root_path', '')}"

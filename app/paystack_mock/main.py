"""The simulator run alone: ``uvicorn app.paystack_mock.main:app --port 8001``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from app.paystack_mock.settings import MockSettings
from app.paystack_mock.simulator import PaystackMock

_mock = PaystackMock(MockSettings())


@asynccontextmanager
async def _delivering(_app: Starlette) -> AsyncIterator[None]:
    _mock.start()
    try:
        yield
    finally:
        _mock.stop()


app = _mock.app
app.router.lifespan_context = _delivering

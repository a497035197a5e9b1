"""Every operation that changes something is safe to repeat, or says why it takes no key."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from app.http.answers import KEY_HEADER, is_without_idempotency_key
from app.http.concurrency_limit import UNSAFE, Place, place_of
from app.routers.all_routers import ROUTERS

CHANGES = [
    route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and UNSAFE.intersection(route.methods or ())
]


def takes_key(route: APIRoute) -> bool:
    return any(field.alias == KEY_HEADER for field in get_flat_params(route.dependant))


def in_several_transactions(endpoint: Callable[..., Any]) -> bool:
    return "call.run_in_several_transactions(" in inspect.getsource(endpoint)


class TestChange:
    def test_there_are_some(self) -> None:
        assert len([route for route in CHANGES if takes_key(route)]) > 30

    @pytest.mark.parametrize("route", CHANGES, ids=lambda route: route.name)
    def test_takes_a_key_or_is_marked(self, route: APIRoute) -> None:
        marked = is_without_idempotency_key(route.endpoint)

        assert takes_key(route) != marked, (
            f"{route.name} in {route.endpoint.__module__}: declare `call: IdempotentCallDep` and "
            "return `call.run(...)`, or mark it `@without_idempotency_key`, not both"
        )

    @pytest.mark.parametrize(
        "route", [each for each in CHANGES if takes_key(each)], ids=lambda route: route.name
    )
    def test_holds_no_transaction_while_it_waits_for_paystack(self, route: APIRoute) -> None:
        waits = place_of(route.endpoint, route.methods) is Place.NONE

        assert waits == in_several_transactions(route.endpoint), (
            f"{route.name} in {route.endpoint.__module__}: a route marked `@waits_for_paystack` "
            "runs by `call.run_in_several_transactions`, all others by `call.run`"
        )

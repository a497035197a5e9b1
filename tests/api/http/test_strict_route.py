"""What the route of this shop refuses when the app is put together."""

from typing import Any

import pytest
from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.http.callers import Owner, public
from app.http.strict_route import StrictRoute


class Shown(BaseModel):
    a: int = 1


class TestOptionsOfTheAnswer:
    @pytest.mark.parametrize(
        "options",
        [
            {"response_model_exclude_none": True},
            {"response_model_exclude_unset": True},
            {"response_model_exclude_defaults": True},
            {"response_model_include": {"a"}},
            {"response_model_exclude": {"a"}},
            {"response_model_by_alias": False},
        ],
        ids=str,
    )
    def test_are_refused_as_they_would_change_nothing(self, options: dict[str, Any]) -> None:
        router = APIRouter(route_class=StrictRoute)

        with pytest.raises(TypeError, match="show returns finished answers"):

            @router.get("/", response_model=Shown, **options)
            def show() -> Response:
                raise NotImplementedError


class TestAccess:
    def test_has_to_be_declared(self) -> None:
        router = APIRouter(route_class=StrictRoute)

        with pytest.raises(TypeError, match="open_to_all has to declare who may call it"):

            @router.get("/")
            def open_to_all() -> Response:
                raise NotImplementedError

    def test_is_declared_once(self) -> None:
        router = APIRouter(route_class=StrictRoute)

        with pytest.raises(TypeError, match="show_order has to declare who may call it"):

            @router.get("/")
            @public
            def show_order(buyer: Owner) -> Response:
                raise NotImplementedError

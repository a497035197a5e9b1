"""Routes of this shop show what FastAPI's own would show."""

from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from app.http.strict_route import StrictRoute
from tests.api.conftest import one_database
from tests.programs.in_process import InProcess


class Shown(BaseModel):
    a: int
    b: str | None = None
    c: int = Field(default=3, serialization_alias="sea")


OPTIONS: list[dict[str, Any]] = [
    {},
    {"response_model_exclude_none": True},
    {"response_model_exclude_unset": True},
    {"response_model_exclude_defaults": True},
    {"response_model_include": {"a"}},
    {"response_model_exclude": {"a"}},
    {"response_model_by_alias": False},
]


@one_database
class TestOptionsOfTheAnswer:
    @pytest.mark.parametrize("options", OPTIONS, ids=str)
    def test_are_kept(self, api: httpx.Client, app: FastAPI, options: dict[str, Any]) -> None:
        for path, kind in (("/plain", APIRoute), ("/strict", StrictRoute)):
            router = APIRouter(route_class=kind)

            @router.get(path, response_model=Shown, **options)
            def show() -> Shown:
                return Shown(a=1)

            app.router.routes += router.routes

        with httpx.Client(transport=InProcess(app), base_url="https://shop.test") as client:
            plain, strict = client.get("/plain"), client.get("/strict")

        assert strict.status_code == plain.status_code == 200
        assert strict.json() == plain.json()

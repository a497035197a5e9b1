"""Finished answers. FastAPI sends a returned ``Response`` as it is, without a second look at it."""

from collections.abc import Mapping, Sequence
from typing import Final

from fastapi import Response
from pydantic import BaseModel

JSON: Final = "application/json"


def answer(
    shown: BaseModel | Sequence[BaseModel],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that shows this model, or a list of them, as JSON."""
    return Response(_json(shown), status, headers, JSON)


def created(shown: BaseModel) -> Response:
    """201: the answer that shows what was created."""
    return answer(shown, status=201)


def accepted(shown: BaseModel) -> Response:
    """202: the answer about work that is done later."""
    return answer(shown, status=202)


def no_content() -> Response:
    """204: the work is done, and there is nothing to show."""
    return Response(status_code=204)


def _json(shown: BaseModel | Sequence[BaseModel]) -> str:
    if isinstance(shown, BaseModel):
        return shown.model_dump_json(by_alias=True)
    return f"[{','.join(each.model_dump_json(by_alias=True) for each in shown)}]"

from fastapi import APIRouter, Response

from app.http.answers import answer
from app.http.callers import public
from app.http.dependencies import ServicesDep
from app.http.strict_route import StrictRoute
from app.schemas.events.categories import CategoryOut

router = APIRouter(prefix="/categories", tags=["events"], route_class=StrictRoute)


@router.get("", response_model=list[CategoryOut], summary="List the categories of what is on")
@public
def list_categories(services: ServicesDep) -> Response:
    """With how many events each has that are on or lie ahead; the most first, at most 100.

    Words that differ in case alone are one category. Drafts and cancelled events do not count.
    """
    return answer([CategoryOut.model_validate(each) for each in services.categories.all()])

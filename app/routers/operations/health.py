from datetime import timedelta

from fastapi import APIRouter, Response, status

from app.http.dependencies import ServicesDep
from app.http.problems import problems
from app.http.refusals import ValidationFailed
from app.http.strict_route import StrictRoute
from app.schemas.operations.health import LiveOut, ReadyOut

router = APIRouter(prefix="/health", tags=["health"], route_class=StrictRoute)


@router.get("/live", summary="Tell whether the process runs", responses=problems(ValidationFailed))
async def live() -> LiveOut:
    """Asks nothing and nobody: use it to decide whether to restart."""
    return LiveOut()


@router.get(
    "/ready",
    summary="Tell whether the shop can sell",
    responses={
        503: {"description": "The database or its migrations are not ready.", "model": ReadyOut},
        **problems(ValidationFailed),
    },
)
def ready(response: Response, services: ServicesDep) -> ReadyOut:
    """Looks at the database and its migrations, the fence around Paystack, and what waits."""
    found = services.health.readiness()
    if not found.is_ready:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        response.headers["Retry-After"] = "5"
    return ReadyOut(
        status="ready" if found.is_ready else "unready",
        database=found.database,
        migrations=found.migrations or "unknown",
        breaker=found.breaker,
        paystack_calls_in_flight=found.calls_in_flight,
        outbox_age_seconds=_seconds(found.outbox_age),
        refunds_stuck=found.refunds_stuck,
        webhook_age_seconds=_seconds(found.webhook_age),
        clock_skew_seconds=_seconds(found.clock_skew),
        failed_items=found.failed_items,
    )


def _seconds(age: timedelta | None) -> float | None:
    return None if age is None else round(age.total_seconds(), 1)

from datetime import timedelta

from fastapi import APIRouter, Response

from app.http.answers import answer
from app.http.callers import public
from app.http.dependencies import ServicesDep
from app.http.strict_route import StrictRoute
from app.schemas.operations.health import LiveOut, ReadyOut

router = APIRouter(prefix="/health", tags=["health"], route_class=StrictRoute)


@router.get(
    "/live",
    response_model=LiveOut,
    summary="Check liveness",
)
@public
async def check_liveness() -> Response:
    """Checks that the process answers, nothing else: use it to decide whether to restart."""
    return answer(LiveOut())


@router.get(
    "/ready",
    response_model=ReadyOut,
    summary="Check readiness",
    responses={
        503: {"description": "The database or its migrations are not ready.", "model": ReadyOut},
    },
)
@public
def check_readiness(services: ServicesDep) -> Response:
    """Looks at the database and its migrations, the bulkhead around Paystack, and what waits."""
    found = services.health.readiness()
    shown = ReadyOut.from_fields(
        found,
        status="ready" if found.is_ready else "unready",
        migrations=found.migrations or "unknown",
        paystack_calls_in_flight=found.calls_in_flight,
        outbox_age_seconds=_seconds(found.outbox_age),
        webhook_age_seconds=_seconds(found.webhook_age),
        clock_skew_seconds=_seconds(found.clock_skew),
    )
    if found.is_ready:
        return answer(shown)
    return answer(shown, status=503, headers={"Retry-After": "5"})


def _seconds(age: timedelta | None) -> float | None:
    return None if age is None else round(age.total_seconds(), 1)

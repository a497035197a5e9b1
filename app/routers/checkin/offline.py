"""For scanner devices without a network: the manifest before, the upload of scans after."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response, status

from app.domain.errors import EventNotFound, TooManyGuesses
from app.domain.moments import in_zone
from app.http.answers import answer, without_idempotency_key
from app.http.callers import CheckInActor
from app.http.dependencies import Client, ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import EventIdInPath
from app.http.representations.entity_tags import IfNoneMatch, is_known
from app.http.security_log import log_forged
from app.http.strict_route import StrictRoute
from app.schemas.checkin.offline import (
    BatchOut,
    BatchRequest,
    ConflictOut,
    ManifestOut,
    OfflineScan,
    RevocationsOut,
)
from app.services.checkin.scans import Scan

router = APIRouter(prefix="/events/{event_id}", tags=["door"], route_class=StrictRoute)

KEPT: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": {"schema": {"type": "string"}}}},
    304: {"description": "What you have is still right."},
}
KEEP = {"Cache-Control": "private, no-cache"}


@router.get(
    "/manifest",
    response_model=ManifestOut,
    summary="Download the offline manifest",
    responses={**KEPT, **problems(EventNotFound)},
)
def download_manifest(
    event_id: EventIdInPath,
    actor: CheckInActor,
    services: ServicesDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Every valid ticket, each encrypted with its own code, so that a stolen phone leaks nothing.

    `docs/door.md` describes the format.
    """
    manifest = services.manifests.manifest(
        event_id=event_id,
        actor=actor,
        is_known=partial(_is_known, if_none_match),
    )
    if manifest is None:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=KEEP)
    return answer(ManifestOut.of(manifest), headers=_tagged(manifest.revision))


@router.get(
    "/revocations",
    response_model=RevocationsOut,
    summary="List revoked codes",
    responses={**KEPT, **problems(EventNotFound)},
)
def list_revoked_codes(
    event_id: EventIdInPath,
    actor: CheckInActor,
    services: ServicesDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Codes of tickets that were refunded, revoked, reissued or used. Ask regularly."""
    found = services.manifests.revocations(
        event_id=event_id,
        actor=actor,
        is_known=partial(_is_known, if_none_match),
    )
    if found is None:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=KEEP)
    return answer(RevocationsOut.model_validate(found), headers=_tagged(found.revision))


@router.post(
    "/check-ins/batch",
    response_model=BatchOut,
    summary="Upload offline scans",
    responses=problems(TooManyGuesses, EventNotFound),
)
@without_idempotency_key  # each scan_id makes its scan happen once
def upload_offline_scans(
    event_id: EventIdInPath,
    body: BatchRequest,
    request: Request,
    actor: CheckInActor,
    services: ServicesDep,
    client: Client,
) -> Response:
    """In any order, from any device, as often as needed: the result is the same.

    Of a ticket's scans the first by `scanned_at` that the event allows counts; later admissions are
    conflicts (`is_conflict`). Answers that were given online stay.
    """
    answers = services.offline_scans.upload(
        event_id=event_id,
        actor=actor,
        scans=[_scan(scan) for scan in body.scans],
        client=client,
    )
    for found in answers:
        log_forged(request, event_id, actor, found)
    return answer(BatchOut.of(list(answers)))


@router.get(
    "/check-ins/conflicts",
    response_model=list[ConflictOut],
    summary="List scan conflicts",
    responses=problems(EventNotFound),
)
def list_scan_conflicts(
    event_id: EventIdInPath, actor: CheckInActor, services: ServicesDep
) -> Response:
    """Tickets that were admitted more often than allowed, each with the scans that admitted it."""
    found = services.offline_scans.conflicts(event_id=event_id, actor=actor)
    return answer([ConflictOut.of(list(of_ticket)) for of_ticket in found])


def _scan(scan: OfflineScan) -> Scan:
    return Scan(
        scan_id=scan.scan_id,
        code=scan.code,
        direction=scan.direction,
        gate=scan.gate,
        scanned_at=in_zone(scan.scanned_at, "UTC"),
        door_verdict=scan.verdict,
        door_reason=scan.reason,
    )


def _is_known(if_none_match: str | None, revision: str) -> bool:
    return is_known(f'"{revision}"', if_none_match)


def _tagged(revision: str) -> dict[str, str]:
    # Weak: when it was made differs between two answers with the same tickets.
    return {"ETag": f'W/"{revision}"', **KEEP}

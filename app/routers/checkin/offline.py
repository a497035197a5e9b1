"""For scanners that lose their network: what they take along, and what they tell afterwards."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response, status

from app.domain.errors import (
    Busy,
    DatabaseUnavailable,
    EventNotFound,
    NotLoggedIn,
    ScannerNotEnrolled,
    TooManyGuesses,
)
from app.domain.ids import EventId
from app.domain.moments import in_zone
from app.http.actors import CurrentActor
from app.http.calls.naming import never_named
from app.http.client_addresses import Client
from app.http.dependencies import RowIdInPath, ServicesDep
from app.http.problems import problems
from app.http.refusals import BODY_REFUSALS, ValidationFailed
from app.http.representations.entity_tags import IfNoneMatch, is_known
from app.http.security_log import tell_forged
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

REFUSALS = (NotLoggedIn, ScannerNotEnrolled, EventNotFound, Busy, DatabaseUnavailable)
KEPT: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": {"schema": {"type": "string"}}}},
    304: {"description": "What you have is still right."},
}
KEEP = {"Cache-Control": "private, no-cache"}


@router.get(
    "/manifest",
    response_model=ManifestOut,
    summary="Take the tickets along",
    responses={**KEPT, **problems(ValidationFailed, *REFUSALS)},
)
def show_manifest(
    event_id: RowIdInPath,
    response: Response,
    actor: CurrentActor,
    services: ServicesDep,
    if_none_match: IfNoneMatch = None,
) -> ManifestOut | Response:
    """Every good ticket, each in a box that only its own code opens: a stolen phone leaks nothing.

    How a box is opened is told in `docs/door.md`.
    """
    manifest = services.manifests.manifest(
        event_id=EventId(event_id),
        actor=actor,
        is_known=partial(_is_known, if_none_match),
    )
    if manifest is None:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=KEEP)
    _tag(response, manifest.revision)
    return ManifestOut.of(manifest)


@router.get(
    "/revocations",
    response_model=RevocationsOut,
    summary="List codes that open nothing",
    responses={**KEPT, **problems(ValidationFailed, *REFUSALS)},
)
def show_revocations(
    event_id: RowIdInPath,
    response: Response,
    actor: CurrentActor,
    services: ServicesDep,
    if_none_match: IfNoneMatch = None,
) -> RevocationsOut | Response:
    """Given back, revoked, replaced by a newer code, or used. Ask now and then."""
    found = services.manifests.revocations(
        event_id=EventId(event_id),
        actor=actor,
        is_known=partial(_is_known, if_none_match),
    )
    if found is None:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=KEEP)
    _tag(response, found.revision)
    return RevocationsOut.of(found)


@router.post(
    "/check-ins/batch",
    response_model=BatchOut,
    summary="Tell what was scanned offline",
    responses=problems(TooManyGuesses, *REFUSALS, *BODY_REFUSALS),
)
@never_named  # each scan_id makes its scan happen once
def upload_scans(
    event_id: RowIdInPath,
    body: BatchRequest,
    request: Request,
    actor: CurrentActor,
    services: ServicesDep,
    client: Client,
) -> BatchOut:
    """In any order, from any scanner, as often as need be: the result is the same.

    Of a ticket's scans the first by `scanned_at` that the event allows counts. Whoever was let pass
    later is a conflict: `is_conflict`. What was answered online stays as it was answered.
    """
    answers = services.offline_scans.upload(
        event_id=EventId(event_id),
        actor=actor,
        scans=[_scan(scan) for scan in body.scans],
        client=client,
    )
    for answer in answers:
        tell_forged(request, EventId(event_id), actor, answer)
    return BatchOut.of(list(answers))


@router.get(
    "/check-ins/conflicts",
    response_model=list[ConflictOut],
    summary="List conflicts between gates",
    responses=problems(ValidationFailed, *REFUSALS),
)
def list_conflicts(
    event_id: RowIdInPath, actor: CurrentActor, services: ServicesDep
) -> list[ConflictOut]:
    """Tickets that scanners let pass more often than they may, each with every scan that did."""
    found = services.offline_scans.conflicts(event_id=EventId(event_id), actor=actor)
    return [ConflictOut.of(list(of_ticket)) for of_ticket in found]


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


def _tag(response: Response, revision: str) -> None:
    # Weak: when it was made differs between two answers with the same tickets.
    response.headers.update({"ETag": f'W/"{revision}"', **KEEP})

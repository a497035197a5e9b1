"""Messages of the provider that are to be acted on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """A delivery to act on; ``attempts`` counts the leases of it there were."""

    id: int
    event: str
    reference: str | None
    attempts: int

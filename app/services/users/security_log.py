"""Changes of what an account may do, as lines of the log; each is written after the commit."""

import structlog

from app.domain.actors import Actor
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork

log = structlog.get_logger("app.security")


def log_role(work: UnitOfWork, user: User) -> None:
    """The account has another role."""
    facts = {"account": user.id, "role": str(user.role)}
    work.after_commit(lambda: log.warning("role changed", **facts))


def log_control(work: UnitOfWork, what: str, user: User, *, by: Actor) -> None:
    """The account was disabled, enabled or logged out."""
    facts = {"account": user.id, "actor": by.name}
    work.after_commit(lambda: log.warning(what, **facts))

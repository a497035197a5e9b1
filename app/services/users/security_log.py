"""Changes of what an account may do, as lines of the log; each is written after the commit."""

from datetime import datetime

import structlog

from app.domain.actors import Actor
from app.domain.admins.actions import About, AdminActionKind
from app.domain.states import Role
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork

log = structlog.get_logger("app.security")


def give_role(
    work: UnitOfWork,
    user: User,
    role: Role,
    *,
    by: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Let an account do what this role may; the log of admins has it as well."""
    kind, detail = AdminActionKind.ROLE_CHANGED, f"{user.role} to {role}"
    about = About.account(user.id)
    work.admin_actions.note(by, kind, about, now=now, detail=detail, reason=reason)
    user.role = role
    facts = {"account": user.id, "role": str(role)}
    work.after_commit(lambda: log.warning("role changed", **facts))


def log_control(work: UnitOfWork, what: str, user: User, *, by: Actor) -> None:
    """The account was disabled, enabled or logged out."""
    facts = {"account": user.id, "actor": by.name}
    work.after_commit(lambda: log.warning(what, **facts))

"""What a statement reads along to know an account's rights in an organization."""

from typing import Any, Final

from sqlalchemy import Select, and_, bindparam

from app.models.organizers.organizations import Membership, Organization

O: Final = Organization.__table__.c  # noqa: E741  (as short as the others)
M: Final = Membership.__table__.c

NO_USER: Final = 0
"""No account has this number."""


def with_membership(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement over organizations with ``member_role`` and ``is_personal``.

    It takes the account as the parameter ``user_id``; ``member_role`` is ``None`` if the account
    is no member.
    """
    is_theirs = and_(M.organization_id == O.id, M.user_id == bindparam("user_id"))
    return statement.add_columns(
        M.role.label("member_role"), O.personal_of.is_not(None).label("is_personal")
    ).outerjoin(M.user_id.table, is_theirs)

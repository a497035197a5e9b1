from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, update

from app.domain.pictures import Picture
from app.models.events.events import Event
from app.models.events.pictures import KeptPicture
from app.models.organizers.organizations import Organization
from app.repositories.base import Repository, filled

IS_SHOWN: ColumnElement[bool] = or_(
    exists().where(Event.picture_key == KeptPicture.key),
    exists().where(Organization.logo_key == KeptPicture.key),
)
"""Whether something shows the picture of the outer row."""


class PictureRepository(Repository):
    """Which pictures are kept, and which of them nothing shows any more."""

    def expect(self, picture: Picture, *, now: datetime) -> bool:
        """Note that files are about to be written; tell whether they may be.

        They may not while a clean-up deletes the same ones.
        """
        statement = (
            self._insert(KeptPicture)
            .values(
                key=picture.key,
                kind=picture.kind,
                width=picture.width,
                height=picture.height,
                used_at=now,
                deleting_at=None,
            )
            .on_conflict_do_update(
                index_elements=[KeptPicture.key],
                set_={"used_at": now},
                where=KeptPicture.deleting_at.is_(None),
            )
            .returning(KeptPicture.key)
        )
        return self._db.scalar(statement) is not None

    def use(self, key: str, *, now: datetime) -> bool:
        """Note that the picture is put somewhere or taken away; tell whether it is kept."""
        statement = (
            update(KeptPicture)
            .where(KeptPicture.key == key, KeptPicture.deleting_at.is_(None))
            .values(used_at=now)
            .returning(KeptPicture.key)
        )
        return self._db.scalar(statement) is not None

    def begin_deleting(
        self, *, unused_since: datetime, abandoned_since: datetime, now: datetime, limit: int
    ) -> Sequence[Picture]:
        """Take pictures that nothing shows; they cannot be used from then on.

        Args:
            unused_since: only those not used since then.
            abandoned_since: those whose deletion began before are taken again.
            now: the moment.
            limit: how many at most.
        """
        is_free = or_(
            and_(KeptPicture.deleting_at.is_(None), KeptPicture.used_at < unused_since),
            KeptPicture.deleting_at < abandoned_since,
        )
        some = (
            KeptPicture.__table__.select()
            .with_only_columns(KeptPicture.__table__.c.key)
            .where(is_free, ~IS_SHOWN)
            .limit(limit)
        )
        statement = (
            update(KeptPicture)
            .where(KeptPicture.key.in_(some), is_free, ~IS_SHOWN)
            .values(deleting_at=now)
            .returning(KeptPicture.key, KeptPicture.width, KeptPicture.height, KeptPicture.kind)
        )
        return [filled(Picture, row) for row in self._db.execute(statement)]

    def forget(self, key: str, *, begun_at: datetime) -> None:
        """Forget a picture whose files were deleted by who began then."""
        self._db.execute(
            delete(KeptPicture).where(KeptPicture.key == key, KeptPicture.deleting_at == begun_at)
        )

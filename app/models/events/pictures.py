from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.pictures import PictureKind
from app.models.base import Base, as_text


class KeptPicture(Base):
    """A picture whose files are kept, or are about to be written or deleted.

    A row is there before its files are, and as long as they are: what nothing shows any more is
    found by its row, also after a crash.
    """

    __tablename__ = "pictures"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0", name="size"),)

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    """A hash of the files, with which their names begin."""
    kind: Mapped[PictureKind] = mapped_column(
        as_text(PictureKind), default=PictureKind.PHOTO, server_default=PictureKind.PHOTO
    )
    width: Mapped[int] = mapped_column(Integer)
    """Of the largest file, in pixels."""
    height: Mapped[int] = mapped_column(Integer)
    used_at: Mapped[datetime] = mapped_column(index=True)
    """When it was last uploaded, put somewhere or taken away from there."""
    deleting_at: Mapped[datetime | None]
    """When the clean-up began to delete its files; ``None``: they are kept."""

"""What was typed into a form whose session had ended, kept until its sender is signed in again."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.ids import UserId
from app.domain.ports import Clock, SecretBox

KEPT_FOR: Final = timedelta(hours=1)
LONGEST_BOX: Final = 40_000
"""Characters; fits into a form beside user name and password."""

PURPOSE: Final = "form kept while signing in"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form of this shop, and where it is sent."""

    path: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFormService:
    """Seals forms. The browser carries the box: nothing is stored, and only the shop makes one."""

    clock: Clock
    box: SecretBox

    def keep(self, *, path: str, fields: Mapping[str, str], account: str) -> str | None:
        """The box with the form, good for an hour; ``None``: it is too long to be kept.

        ``account`` is the number of the one it was typed as.
        """
        kept = {
            "path": path,
            "fields": dict(fields),
            "account": account,
            "at": self.clock.now().isoformat(),
        }
        box = self.box.seal(zlib.compress(json.dumps(kept).encode()), purpose=PURPOSE)
        return box if len(box) <= LONGEST_BOX else None

    def open(self, *, box: str, user_id: UserId) -> KeptForm | None:
        """The form in a box of ours; ``None``: it is none, too old, or of another account."""
        if not box or len(box) > LONGEST_BOX:
            return None
        content = self.box.open(box, purpose=PURPOSE)
        if content is None:
            return None
        kept = json.loads(zlib.decompress(content))
        if self.clock.now() - datetime.fromisoformat(kept["at"]) >= KEPT_FOR:
            return None
        if kept.get("account") != str(user_id):
            return None
        return KeptForm(kept["path"], kept["fields"])

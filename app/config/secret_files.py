"""Secrets in files: those of the demo environment are made on first use."""

import os
import secrets  # noqa: TID251  (this is where the demo environment's secrets come from)
import stat
from pathlib import Path

from app.config.fields import ConfigurationError


def demo_secret(var_dir: Path, name: str, *, prefix: str = "") -> str:
    """A secret of this laptop's own, made on first use and kept in ``var_dir``.

    Two workers that start at once end up with the same one: the first to link the file in wins.
    """
    file = var_dir / name
    if not file.exists():
        var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = var_dir / f".{name}.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(prefix + secrets.token_hex(24))
        try:
            file.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text()


def sealed_text(file: Path) -> str:
    """The content of a file that its owner alone may read, without the line break at its end.

    Raises:
        ConfigurationError: it is not there, or others may read it.
    """
    try:
        mode = file.stat().st_mode
        text = file.read_text().strip()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from None
    # Windows keeps no such bits; what it answers says nothing.
    if mode & (stat.S_IRWXG | stat.S_IRWXO) and os.name == "posix":
        raise ConfigurationError(f"{file} holds secrets: run `chmod 600 {file}`.")
    return text

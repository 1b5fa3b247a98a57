"""Secrets that are generated once on this machine."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def load_or_create_secret(path: Path, length: int = 50) -> str:
    """Return the secret in `path`, generated if the file does not exist, readable by its owner only.

    Safe when several processes start at once: the first one to create the file wins.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(length))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def secret_key(data_dir: Path) -> str:
    """Return Django's SECRET_KEY for the archive in `data_dir`."""
    return load_or_create_secret(data_dir / "secret_key")

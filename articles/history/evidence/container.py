"""The zip of an export: the same content gives the same bytes, and everything in it is under one seal.

tools/verify_evidence.py builds the zip again in the same way and compares every byte; it is kept apart on
purpose, and tests/articles/history/test_evidence.py holds the two together."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from articles.text.fingerprints import sha256_of

FORMAT = "newsarchive-evidence-1"
#: The oldest date that a zip can hold: times of making would make every export another file.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def canonical_json(value: Any) -> bytes:
    """JSON of which there is one form only: sorted, without blanks, UTF-8. What is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def readable_json(value: Any) -> bytes:
    """JSON for the file: sorted, indented, UTF-8."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def hash_chain(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The steps numbered, each with the hash of the one before and its own over all of that."""
    made: list[dict[str, Any]] = []
    previous = ""
    for number, step in enumerate(steps, 1):
        whole: dict[str, Any] = {**step, "number": number, "previous": previous}
        previous = sha256_of(canonical_json(whole))
        made.append({**whole, "hash": previous})
    return made


def seal_files(
    article: int, files: Mapping[str, bytes], chain: Sequence[Mapping[str, Any]]
) -> tuple[bytes, str]:
    """(zip, seal): the files, chain.json, manifest.json over them all, and seal.txt over the manifest."""
    content = {**files, "chain.json": readable_json(list(chain))}
    manifest = readable_json(
        {
            "format": FORMAT,
            "article": article,
            "files": {
                name: {"bytes": len(data), "sha256": sha256_of(data)} for name, data in content.items()
            },
            "steps": len(chain),
            "head": chain[-1]["hash"],
        }
    )
    seal = sha256_of(manifest)
    content |= {"manifest.json": manifest, "seal.txt": f"{seal}\n".encode()}
    return pack_zip(content), seal


def pack_zip(content: Mapping[str, bytes]) -> bytes:
    """A zip of these files, sorted by name, stored as they are. Names are ASCII."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(content):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content[name])
    return target.getvalue()

"""The zip file of an export: equal content gives equal bytes, and one seal covers everything in it.

tools/verify_evidence.py rebuilds the zip in the same way and compares every byte. It shares no code with
this module on purpose; tests/articles/history/test_evidence.py checks that both agree.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from articles.text.fingerprints import sha256_of

FORMAT = "newsarchive-evidence-1"
#: The earliest date a zip can hold. With real times every export would be a different file.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def canonical_json(value: Any) -> bytes:
    """Return the canonical JSON that is hashed: sorted keys, no white space, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def readable_json(value: Any) -> bytes:
    """Return JSON for people to read: sorted keys, indented, UTF-8."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def hash_chain(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps numbered, each with the hash of the step before and a hash over all its values."""
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
    """Return (zip, seal): the files, chain.json, manifest.json over them all, seal.txt over the manifest."""
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
    """Return a zip of these files, sorted by name and uncompressed. Names must be ASCII."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(content):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content[name])
    return target.getvalue()

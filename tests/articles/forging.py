"""Ways to forge the files of an exported article, and the check that detects each."""

from __future__ import annotations

import json
from collections.abc import Callable

from articles.history.evidence.container import pack_zip
from tools import verify_evidence


def reseal(files: dict[str, bytes]) -> bytes:
    """Rebuild the manifest and the seal, as a forger would."""
    manifest = json.loads(files["manifest.json"])
    rest = {name: data for name, data in files.items() if name not in ("manifest.json", "seal.txt")}
    manifest["files"] = {
        name: {"bytes": len(data), "sha256": verify_evidence.digest(data)} for name, data in rest.items()
    }
    return _sealed(rest, manifest)


def _sealed(rest: dict[str, bytes], manifest: dict[str, object]) -> bytes:
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode()
    return pack_zip({**rest, "manifest.json": text, "seal.txt": f"{verify_evidence.digest(text)}\n".encode()})


def drop_revision(files: dict[str, bytes]) -> None:
    del files["revisions/0002.json"]


def drop_step(files: dict[str, bytes]) -> None:
    chain = json.loads(files["chain.json"])
    files["chain.json"] = json.dumps([chain[0], chain[2]]).encode()
    del files["revisions/0001.json"], files["revisions/0001.original"]


def drop_last_step(files: dict[str, bytes]) -> None:
    files["chain.json"] = json.dumps(json.loads(files["chain.json"])[:-1]).encode()
    del files["revisions/0002.json"]


def change_who(files: dict[str, bytes]) -> None:
    chain = json.loads(files["chain.json"])
    chain[0]["by"] = "غيره"
    files["chain.json"] = json.dumps(chain).encode()


def change_text(files: dict[str, bytes]) -> None:
    files["text.txt"] = files["text.txt"].replace("مساء".encode(), "صباحًا".encode())


def change_original(files: dict[str, bytes]) -> None:
    files["original.bin"] += b" "


def change_earlier_original(files: dict[str, bytes]) -> None:
    files["revisions/0001.original"] += b" "


def add_file(files: dict[str, bytes]) -> None:
    files["extra.txt"] = b"x"


ALTERED: list[tuple[Callable[[dict[str, bytes]], None], str]] = [
    (drop_revision, "revisions/0002.json: missing"),
    (drop_step, "chain.json: step 2 does not follow"),
    (drop_last_step, "chain.json: steps were dropped"),
    (change_who, "chain.json: step 1 was altered"),
    (change_text, "text.txt"),
    (change_original, "original.bin"),
    (change_earlier_original, "revisions/0001.original"),
]

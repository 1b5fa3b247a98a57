"""The originals that are web pages as a WACZ file, for players of web archives.

WACZ 1.1.1: a zip with the pages as WARC records, an index of them, a list of pages, and hashes of all.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tempfile
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]  # it ships no types
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]  # it ships no types

from articles.identity.web_addresses import normal_address

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
#: Bytes in which the first element of a page must stand.
_HEAD = 2_000
_WARC = "archive/data.warc.gz"


class WebPages:
    """Collects pages while it is open; makes no file if there are none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pages: list[dict[str, str]] = []
        self.index: list[str] = []

    def __enter__(self) -> WebPages:
        self.records = tempfile.TemporaryFile(dir=self.path.parent)
        self.writer = WARCWriter(self.records, gzip=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.pages and error is None:
            self._write()
        self.records.close()

    def add(self, address: str, title: str, data: bytes, met: datetime) -> None:
        """Add an original if it is a page that has an address; `met`: when the archive got it."""
        if not address or not _PAGE.search(data[:_HEAD]):
            return
        moment = met.astimezone(UTC)
        offset = self.records.tell()
        record = self.writer.create_warc_record(
            address,
            "response",
            payload=BytesIO(data),
            length=len(data),
            http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0"),
            warc_headers_dict={"WARC-Date": moment.strftime("%Y-%m-%dT%H:%M:%SZ")},
        )
        self.writer.write_record(record)
        stamp = moment.strftime("%Y%m%d%H%M%S")
        entry = {
            "url": address,
            "mime": "text/html",
            "status": "200",
            "digest": record.rec_headers.get_header("WARC-Payload-Digest"),
            "length": str(self.records.tell() - offset),
            "offset": str(offset),
            "filename": Path(_WARC).name,
        }
        self.index.append(f"{sort_key(address)} {stamp} {json.dumps(entry, ensure_ascii=False)}")
        self.pages.append({"url": address, "ts": moment.isoformat(), "title": title})

    def _write(self) -> None:
        """Write the zip; its members are stored, since the records are compressed already."""
        head = {"format": "json-pages-1.0", "id": "pages", "title": "Articles"}
        pages = "\n".join(json.dumps(row, ensure_ascii=False) for row in (head, *self.pages)) + "\n"
        index = "".join(f"{line}\n" for line in sorted(self.index))
        files = {
            "indexes/index.cdx.gz": gzip.compress(index.encode(), mtime=0),
            "pages/pages.jsonl": pages.encode(),
        }
        resources = [self._resource(name, data) for name, data in files.items()]
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_STORED) as archive:
            self.records.seek(0)
            hashed, size = hashlib.sha256(), 0
            with archive.open(_WARC, "w", force_zip64=True) as member:
                while part := self.records.read(1 << 20):
                    hashed.update(part)
                    size += len(part)
                    member.write(part)
            name = {"name": Path(_WARC).name, "path": _WARC}
            resources.append(name | {"hash": f"sha256:{hashed.hexdigest()}", "bytes": size})
            for path, data in files.items():
                archive.writestr(path, data)
            package = {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}
            archive.writestr("datapackage.json", json.dumps(package, indent=1))

    def _resource(self, path: str, data: bytes) -> dict[str, Any]:
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        return {"name": Path(path).name, "path": path, "hash": digest, "bytes": len(data)}


def sort_key(address: str) -> str:
    """Return the address with its host from the end, as indexes of web archives are sorted (SURT)."""
    normal = normal_address(address)
    host = normal.partition("/")[0].partition("?")[0]
    rest = normal[len(host) :] or urlsplit(address).path
    return f"{','.join(reversed(host.split('.')))}){rest or '/'}"

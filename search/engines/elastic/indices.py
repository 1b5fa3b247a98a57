"""The indexes of one archive: `<prefix>-articles-<stamp>-<random>` behind the alias `<prefix>-articles`.

Every write goes through an alias (require_alias), so that Elasticsearch never creates an index by itself. An
index that is being built has an alias of its own, `<index>-building`.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from elasticsearch import ConnectionTimeout, Elasticsearch, NotFoundError

from search.documents import SERVING_SETTINGS, index_body
from search.engines.contract import EngineBusy, EngineError, IndexMissing
from search.engines.elastic.client import translate_errors

#: An unfinished index of another host is an orphan after this time; for its own processes a host can tell at
#: once.
_FOREIGN_LEASE = timedelta(hours=24)
#: Builds settings and mapping of a new index from shards, replicas and the contents of `_meta`.
IndexBodyFactory = Callable[..., dict[str, Any]]
#: A merge that expunges deletes passes over segments with a smaller share of deleted documents, in percent.
_EXPUNGED_SHARE = "index.merge.policy.expunge_deletes_allowed"
#: How long expunging may take, and how long it pauses before it looks again, in seconds.
_EXPUNGE_SECONDS, _EXPUNGE_PAUSE = 60.0, 1.0
#: A filled index of fewer bytes is not compacted. Segments hold about this many bytes after that, because one
#: that is much larger is hardly ever merged again. How long it may take, in seconds.
COMPACTED_BYTES, _SEGMENT_BYTES, _COMPACT_SECONDS = 32 * 1024**2, 4 * 1024**3, 1_800.0
#: Elasticsearch looks every 30 seconds what the copies of a shard still need.
_RETENTION_SECONDS = 45.0
_STAMPED = r"\d{8}-\d{6}-[0-9a-f]{6}"


class Indices:
    """Creation, swap and deletion of an archive's indexes. `client` is the writer's."""

    def __init__(self, client: Elasticsearch, prefix: str, shards: int, replicas: int) -> None:
        self.client = client
        self.prefix = prefix
        self.alias = f"{prefix}-articles"
        self._shards = shards
        self._replicas = replicas

    def serving(self) -> list[str]:
        """Return the indexes behind the alias: one, or none before the first."""
        with translate_errors():
            try:
                return sorted(self.client.indices.get_alias(name=self.alias).body)
            except NotFoundError:
                return []

    def current(self) -> str:
        """Return the name of the serving index. Raises IndexMissing."""
        names = self.serving()
        if not names:
            raise IndexMissing(f"no index behind {self.alias}: run rebuild_index")
        if len(names) > 1:  # a search would count the articles of all of them
            several = ", ".join(names)
            raise IndexMissing(f"{self.alias} points to several indexes, {several}: run rebuild_index")
        return names[0]

    def create(self, body_of: IndexBodyFactory = index_body, *, version: str | None = None) -> str:
        """Create an empty index for the tables of this code, to be written through `build_alias` only.

        `version` is the analysis version (see `SearchEngine.start_rebuild`).
        """
        if self._holds_place_of_alias():
            raise EngineError(
                f"an index that this archive did not make is called {self.alias}, as the archive's alias:"
                " delete it if nobody needs it, or give the archive another ELASTICSEARCH_PREFIX"
            )
        # Replicas are copied once, when the index is full.
        meta = {"builder": _builder_metadata()} | ({"analysis_version": version} if version else {})
        body = body_of(shards=self._shards, replicas=0, meta=meta)
        name = self._new_name()
        self._create(name, build_alias(name), body)
        return name

    def create_serving(self) -> None:
        """Create an empty index that serves at once.

        One request, because each change of an index costs Elasticsearch as much as building its analyzers.
        """
        body = index_body(shards=self._shards, replicas=self._replicas, meta={"builder": _builder_metadata()})
        body["settings"] |= SERVING_SETTINGS
        self._create(self._new_name(), self.alias, body)

    def _new_name(self) -> str:
        return f"{self.alias}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"

    def _create(self, name: str, alias: str, body: dict[str, Any]) -> None:
        with translate_errors():
            self.client.indices.create(index=name, aliases={alias: {}}, **body)

    def publish(self, name: str, replaces: list[str]) -> None:
        """Make `name` serve instead of `replaces`, in one call without a gap; then delete those.

        An index that no archive made only loses the alias.
        """
        made_by_archive = [old for old in replaces if "builder" in self.meta(old)]
        with translate_errors():
            self.client.indices.put_settings(
                index=name, settings={**SERVING_SETTINGS, "number_of_replicas": self._replicas}
            )
            self.client.indices.refresh(index=name)
            actions: list[dict[str, Any]] = [
                {"remove": {"index": old, "alias": self.alias}} for old in replaces
            ]
            actions.append({"add": {"index": name, "alias": self.alias}})
            # If another process took the index for an orphan, this action fails and none of the others is
            # done.
            actions.append({"remove": {"index": name, "alias": build_alias(name), "must_exist": True}})
            self.client.indices.update_aliases(actions=actions)
        self.drop(*made_by_archive)

    def _holds_place_of_alias(self) -> bool:
        """Return True if an index has the alias's name: a program wrote to the alias when it was gone."""
        with translate_errors():
            return bool(self.client.indices.exists(index=self.alias)) and not self.serving()

    def drop(self, *names: str) -> None:
        """Delete indexes; an index that is already gone is no error."""
        with translate_errors():
            for name in names:
                self.client.indices.delete(index=name, ignore_unavailable=True)

    def drop_orphans(self) -> list[str]:
        """Delete indexes that neither serve nor are being built by a living process; return their names.

        Throw-away indexes are included.
        """
        ours = re.compile(rf"{re.escape(self.prefix)}(-tmp-[0-9a-f]+)?-articles-{_STAMPED}")
        pattern = f"{self.alias}-*,{self.prefix}-tmp-*"
        with translate_errors():
            found = self.client.indices.get(
                index=pattern, expand_wildcards="all", features="aliases,mappings"
            ).body
        orphans = [
            name
            for name, index in sorted(found.items())
            if ours.fullmatch(name)
            and not self._is_needed(name, index)
            and (build_alias(name) not in index["aliases"] or self._claim(name))
        ]
        self.drop(*orphans)
        return orphans

    def abandon(self, name: str) -> None:
        """Delete an index that was being built, unless it was published in the meantime or is gone."""
        if self._claim(name):
            self.drop(name)

    def _claim(self, name: str) -> bool:
        """Take an index away from its builder, so that `publish` fails; return False if it is gone.

        A request of a killed process may still be carried out, even between our check and our deletion.
        """
        action = {"remove": {"index": name, "alias": build_alias(name), "must_exist": True}}
        with translate_errors():
            try:
                self.client.indices.update_aliases(actions=[action])
            except NotFoundError:
                return False
        return True

    def _is_needed(self, name: str, index: dict[str, Any]) -> bool:
        if self.alias in index["aliases"]:
            return True
        # Replaced by another index but not deleted; a throw-away index serves under an alias of its own.
        if not index["aliases"]:
            return False
        return _is_builder_alive(index["mappings"].get("_meta", {}).get("builder", {}))

    def meta(self, name: str) -> dict[str, Any]:
        """Return the `_meta` of an index."""
        with translate_errors():
            mappings = self.client.indices.get_mapping(index=name).body
        return dict(mappings[name]["mappings"].get("_meta", {}))

    def refresh(self, name: str) -> None:
        """Make earlier writes visible to searches."""
        with translate_errors():
            self.client.indices.refresh(index=name)

    def expunge_deletes(self, name: str) -> None:
        """Rewrite every segment that holds deleted documents. Raises EngineUnavailable, EngineBusy.

        Elasticsearch keeps deleted documents for copies of a shard that may have to catch up. It looks every
        half minute whether all copies have them, and until then a merge keeps them.
        """
        deadline = time.monotonic() + _EXPUNGE_SECONDS
        patient = self.client.options(request_timeout=_EXPUNGE_SECONDS)
        with translate_errors():
            self.client.indices.put_settings(index=name, settings={_EXPUNGED_SHARE: 0})
            try:
                while True:
                    # The flush also drops the log of writes, which holds the texts as they were sent.
                    self.client.indices.flush(index=name, wait_if_ongoing=True)
                    patient.indices.forcemerge(index=name, only_expunge_deletes=True)
                    self.client.indices.refresh(index=name)
                    if not self.sizes(name)[1]:
                        return
                    if time.monotonic() > deadline:
                        raise EngineBusy(f"Elasticsearch still keeps deleted documents of {name}")
                    time.sleep(_EXPUNGE_PAUSE)
            finally:
                self.client.indices.put_settings(index=name, settings={_EXPUNGED_SHARE: None})

    def compact(self, name: str, write_again: Callable[[], None]) -> None:
        """Merge the segments of a filled index. Raises EngineUnavailable.

        Elasticsearch also stores each document as it was sent (`_recovery_source`), for copies of a shard
        that may have to catch up: two thirds of the bytes. The first merge after all copies are known to have
        the document drops it. Elasticsearch does not merge a single segment; therefore `write_again` writes a
        document of the index once more, which makes another one.
        """
        size, _ = self.sizes(name)
        if size < COMPACTED_BYTES:
            return
        write_again()
        deadline = time.monotonic() + _RETENTION_SECONDS
        patient = self.client.options(request_timeout=_COMPACT_SECONDS)
        # After a timeout the server goes on merging, while the index may serve.
        with translate_errors(), suppress(ConnectionTimeout):
            self.client.indices.flush(index=name, wait_if_ongoing=True)
            while self._is_retained(name) and time.monotonic() < deadline:
                time.sleep(_EXPUNGE_PAUSE)
            patient.indices.forcemerge(index=name, max_num_segments=1 + size // _SEGMENT_BYTES)
            self.client.indices.refresh(index=name)

    def _is_retained(self, name: str) -> bool:
        """Return True if Elasticsearch keeps written documents for copies that may have to catch up."""
        shards = self.client.indices.stats(index=name, level="shards")["indices"][name]["shards"]
        return any(
            lease["retaining_seq_no"] <= copy["seq_no"]["max_seq_no"]
            for copies in shards.values()
            for copy in copies
            for lease in copy["retention_leases"]["leases"]
        )

    def sizes(self, name: str) -> tuple[int, int]:
        """Return the bytes of the segments and the deleted documents in them, replicas included.

        Those of the store, which Elasticsearch reports too, may be ten seconds old.
        """
        with translate_errors():
            docs = self.client.indices.stats(index=name, metric="docs")["_all"]["total"]["docs"]
        return int(docs["total_size_in_bytes"]), int(docs["deleted"])


def build_alias(name: str) -> str:
    """Return the alias that an index is filled through."""
    return f"{name}-building"


def _builder_metadata() -> dict[str, Any]:
    return {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "started": _process_start_time(os.getpid()),
        "at": datetime.now(UTC).isoformat(),
    }


def _process_start_time(pid: int) -> str:
    """Return when a living process of this host started, in ticks since boot, as process ids are reused.

    Returns "" if there is no such process and "unknown" where the system does not provide it.
    """
    if not Path("/proc/self/stat").exists():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return ""
        except PermissionError:
            pass
        return "unknown"
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]  # killed, but not yet reaped by its parent


def _is_builder_alive(builder: dict[str, Any]) -> bool:
    if not builder:
        return False
    if builder["host"] == socket.gethostname():
        return bool(builder["started"]) and _process_start_time(int(builder["pid"])) == builder["started"]
    return datetime.now(UTC) - datetime.fromisoformat(builder["at"]) < _FOREIGN_LEASE

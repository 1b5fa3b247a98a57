"""Connections to Elasticsearch, and the translation of its errors into those of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
from elastic_transport import Transport, TransportApiResponse
from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch, TransportError
from elasticsearch.serializer import JsonSerializer

from search.engines.contract import EngineError, EngineUnavailable, IndexMissing
from search.engines.engine_errors import IndexOfOtherRelease
from search.engines.page_wait import counted, current_wait

#: In seconds. A reader waits for a page; writes run in a thread of their own (search/indexing/background.py).
READ_TIMEOUT = 2.0
WRITE_TIMEOUT = 30.0
#: Includes wrong or missing credentials: the archive cannot be searched until they are corrected.
_UNAVAILABLE = (401, 403, 408, 429, 502, 504)


class FastSerializer(JsonSerializer):
    """Reads and writes JSON with orjson."""

    def json_dumps(self, data: Any) -> bytes:
        """Return data as JSON. What orjson refuses, half a character among others, is for the library."""
        try:
            return orjson.dumps(data, default=self.default)
        except orjson.JSONEncodeError:
            return super().json_dumps(data)

    def json_loads(self, data: bytes) -> Any:
        """Return what JSON holds."""
        return orjson.loads(data)


SERIALIZER = FastSerializer()


class ReaderTransport(Transport):
    """Sends requests; those of one page of a reader share a time limit (search/engines/page_wait.py)."""

    def perform_request(self, method: str, target: str, **options: Any) -> TransportApiResponse:
        """Send a request. Raises ConnectionTimeout at once if its page has waited long enough."""
        wait = current_wait()
        if wait is None:
            return super().perform_request(method, target, **options)
        seconds = wait.seconds_for(options["request_timeout"])  # the client's own
        if not seconds:
            raise ConnectionTimeout("this page has waited long enough")
        with counted(wait):
            try:
                return super().perform_request(method, target, **{**options, "request_timeout": seconds})
            except ConnectionTimeout:
                wait.given_up = True
                raise


class ShardsUnavailable(EngineUnavailable):
    """The server answers but the index does not: it is starting, lost a node, or was just replaced."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Addresses and credentials of Elasticsearch.

    `url` holds one or several addresses separated by commas, with user and password in them unless there is
    an API key; `ca` is a file with the authority that signed the server's certificate.
    """

    url: str
    api_key: str = ""
    ca: str = ""

    def client(self, timeout: float, transport: type[Transport] = Transport) -> Elasticsearch:
        """Return a client with a timeout in seconds. Nothing is contacted yet."""
        hosts = []
        login: tuple[str, str] | None = None
        for address in self.url.split(","):
            parts = urlsplit(address.strip())
            if parts.username is not None:
                login = (unquote(parts.username), unquote(parts.password or ""))
            port = parts.port or (443 if parts.scheme == "https" else 9200)
            host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
            hosts.append(f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}")
        # Every address is tried before a reader sees an error; one that does not answer in time is left out
        # by the next request.
        options: dict[str, Any] = {
            "request_timeout": timeout,
            "retry_on_timeout": False,
            "max_retries": max(1, len(hosts) - 1),
            "transport_class": transport,
        }
        if self.api_key:
            options["api_key"] = self.api_key
        elif login:
            options["basic_auth"] = login
        if self.ca:
            options["ca_certs"] = self.ca
        return Elasticsearch(hosts, serializers={SERIALIZER.mimetype: SERIALIZER}, **options)

    @classmethod
    def from_settings(cls, options: Mapping[str, Any]) -> Connection:
        """Build a connection from an entry of SEARCH_ENGINES."""
        return cls(options["URL"], options.get("API_KEY", ""), options.get("CA", ""))


@contextmanager
def translate_errors() -> Iterator[None]:
    """Translate the client's exceptions into EngineUnavailable, IndexMissing or EngineError."""
    try:
        yield
    except TransportError as error:
        raise EngineUnavailable(f"Elasticsearch does not answer: {error}") from error
    except ApiError as error:
        raise engine_error_for(error.status_code, str(error)) from error


def engine_error_for(status: int, reason: str) -> EngineError:
    """Return the error for an HTTP status, of a whole response or of one item of a bulk request."""
    if status == 503:
        return ShardsUnavailable(reason)
    if status in _UNAVAILABLE:
        return EngineUnavailable(reason)
    if status == 404:
        return IndexMissing(f"{reason}: run rebuild_index")
    if "strict_dynamic_mapping" in reason:
        return IndexOfOtherRelease("the index is of another version of the archive: run rebuild_index")
    return EngineError(reason)

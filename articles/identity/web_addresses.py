"""Web addresses: completed where a part is missing, and one normal form to compare them by.

The normal form is never shown. It follows RFC 3986, section 6, and goes further where papers do: one page
answers to http and https, with and without "www." and a slash at the end, and with parameters that only say
how a reader came.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

#: Parameters that say how a reader came: of campaigns, of social networks and of sessions.
_TRACKING = re.compile(
    "utm_.*|at_(?:medium|campaign|custom.*)|mc_[ce]id|ns_.*|fb_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid"
    "|yclid|twclid|igshid?|_ga|_gl|xtor|s_cid|smid|cmpid|ocid|ref_src|ref_url|phpsessid|jsessionid|aspsessionid.*",
    re.ASCII | re.IGNORECASE,
)
_PERCENT_RUN = re.compile("(?:%[0-9A-Fa-f]{2})+", re.ASCII)
#: Characters that mean something else when they are not encoded.
_RESERVED = re.compile(r"[%/?#&=+;]")
_HOST_WITHOUT_SCHEME = re.compile(r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,24}(?::\d+)?/)")
_DEFAULT_PORTS = (80, 443)


def complete_address(given: str) -> str:
    """Return an address with a scheme, and with %20 for the spaces in it; other text as it is."""
    address = given.strip()
    if address.startswith("//"):
        address = f"http:{address}"
    elif "://" not in address[:16] and _HOST_WITHOUT_SCHEME.match(address):
        address = f"http://{address}"
    return "%20".join(address.split()) if address[:8].lower().startswith(("http://", "https://")) else given


def normal_address(address: str) -> str:
    """Return the normal form by which addresses are compared; the address itself if it cannot be parsed."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return address
    host = _normal_host(parts)
    if not host:
        return address
    where = host if port in (None, *_DEFAULT_PORTS) else f"{host}:{port}"
    path = _normal_part(parts.path).rstrip("/")
    pairs = (_normal_part(pair.replace("+", "%20")) for pair in parts.query.split("&"))
    query = "&".join(
        sorted(pair for pair in pairs if pair and not _TRACKING.fullmatch(pair.partition("=")[0]))
    )
    # A fragment is a place within a page, but for pages that a script loads by it.
    page = f"#{_normal_part(parts.fragment)}" if parts.fragment.startswith("!") else ""
    return f"{where}{path}{'?' * bool(query)}{query}{page}"


def _normal_host(parts: SplitResult) -> str:
    """Return the host in ASCII, without "www."."""
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return host
    return host.removeprefix("www.")


def _normal_part(text: str) -> str:
    """Return a part of an address with its letters as letters, and what is reserved as %XX."""
    return unicodedata.normalize("NFC", _PERCENT_RUN.sub(_letters, text)).replace(" ", "%20")


def _letters(run: re.Match[str]) -> str:
    """Decode a run of %XX; return it in capitals if it is not UTF-8."""
    try:
        decoded = unquote_to_bytes(run[0]).decode("utf-8")
    except UnicodeDecodeError:
        return run[0].upper()
    return _RESERVED.sub(lambda sign: f"%{ord(sign[0]):02X}", decoded)

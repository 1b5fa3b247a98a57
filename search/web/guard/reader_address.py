"""The network address of a reader, behind as many proxies as the settings say."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

#: A household or an office has a whole network of this size, and every address of it at will.
_IPV6_PREFIX = 64


def reader_address(request: HttpRequest | None) -> str:
    """Return the address of who asks.

    Each trusted proxy (settings.PROXY_COUNT) appends who asked it to X-Forwarded-For; what stands before
    these was written by the reader, and may be invented.
    """
    if request is None:
        return ""
    near = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXY_COUNT:
        return near
    forwarded = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    told = forwarded[-settings.PROXY_COUNT] if len(forwarded) >= settings.PROXY_COUNT else ""
    return told if _is_address(told) else near


def reader_network(request: HttpRequest) -> str:
    """Return what is counted as one reader: an IPv4 address, or the first address of an IPv6 network."""
    told = reader_address(request)
    if not _is_address(told):
        return "0.0.0.0"  # noqa: S104  a name for readers without an address (a Unix socket), nothing listens
    parsed = ip_address(told)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((told.partition("%")[0], _IPV6_PREFIX), strict=False).network_address)
    return told


def counted_network(request: HttpRequest) -> str:
    """Return the network by which a reader is counted; "" for the machine itself, which nobody counts.

    Behind a proxy that PROXY_COUNT does not know, every reader has the address of the machine.
    """
    network = reader_network(request)
    return "" if ip_address(network).is_loopback else network


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

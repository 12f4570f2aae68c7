"""What may be believed of a request: where it came from.

A server behind a proxy sees the proxy's address.  The client's own stands in
``X-Forwarded-For``, which the client may write too: it is read from the right, and only
past hops that ``settings.TRUSTED_PROXIES`` names (docs/operations.md).
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: Stands for a socket of the file system in the list of proxies; it has no address.
UNIX_SOCKET = "unix"
#: One subscriber of IPv6 has a whole network of this size, and changes within it.
IPV6_PREFIX = 64


def parse_networks(names: tuple[str, ...]) -> tuple[Network, ...]:
    """Read addresses and CIDR networks; raises ValueError with the one that is none."""
    return tuple(
        ipaddress.ip_network(name, strict=False)
        for name in names
        if name != UNIX_SOCKET
    )


_trusted = lru_cache(maxsize=8)(parse_networks)


def _parse(hop: str) -> Address | None:
    hop = hop.strip()
    if hop.startswith("["):  # [2001:db8::1]:443
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:  # 192.0.2.1:443
        hop = hop.partition(":")[0]
    try:
        address = ipaddress.ip_address(hop.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_proxy(address: Address | None) -> bool:
    names = tuple(settings.TRUSTED_PROXIES or ())
    if address is None:
        return UNIX_SOCKET in names
    return any(address in network for network in _trusted(names))


def came_from_proxy(request: HttpRequest) -> bool:
    """Say whether a trusted proxy handed this request on, so that its headers count."""
    return _is_proxy(_parse(request.META.get("REMOTE_ADDR", "")))


def client_address(request: HttpRequest) -> str:
    """Return the address that a request came from, the same text for one subscriber.

    An IPv6 address is given as its /64 network.  A hop that cannot be read ends the
    walk: what is known until there stands.  "" where the server tells no address.
    """
    address = _parse(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and _is_proxy(address) and (before := _parse(hops.pop())):
        address = before
    if isinstance(address, ipaddress.IPv6Address):
        network = ipaddress.ip_network((address, IPV6_PREFIX), strict=False)
        return str(network.network_address)
    return str(address or "")

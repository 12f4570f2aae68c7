"""What may be believed of a request: its numbers, and where it came from.

A server behind a proxy sees the proxy's address.  The client's own stands in
``X-Forwarded-For``, which the client may write too: it is read from the right, and only
past hops that ``settings.TRUSTED_PROXIES`` names (docs/operations.md).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: Stands for a socket of the file system in the list of proxies; it has no address.
UNIX_SOCKET = "unix"
#: One subscriber of IPv6 has a whole network of this size, and changes within it.
IPV6_PREFIX = 64

#: Digits of the longest number that a column of any of our databases holds.
_MOST_DIGITS = 18


def read_number(text: str | None, *, most: int | None = None) -> int | None:
    """Read a number from 0 (to ``most``) that came with a request, Thai digits too.

    None for anything else: empty, signed, a fraction, longer than a database can hold.
    The only reader of numbers that people's browsers send.
    """
    text = (text or "").strip()
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        return None
    number = int(text)
    return None if most is not None and number > most else number


def read_numbers(texts: Iterable[str]) -> list[int]:
    """Read those that are numbers, in their order."""
    return [number for text in texts if (number := read_number(text)) is not None]


_RATE = re.compile(r"(\d{1,9})/(\d{0,4})([smh])")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@lru_cache(maxsize=64)
def parse_rates(text: str) -> tuple[tuple[int, int], ...]:
    """Read limits such as "30/m, 5/10m, 600/h": (how many, in how many seconds).

    Raises ValueError for anything else; "" is no limit.
    """
    rates = []
    for part in filter(None, map(str.strip, text.split(","))):
        if not (found := _RATE.fullmatch(part)) or found[2] == "0":
            message = f"{part!r} is not like 30/m, 5/10m or 600/h"
            raise ValueError(message)
        rates.append((int(found[1]), int(found[2] or 1) * _SECONDS[found[3]]))
    return tuple(rates)


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

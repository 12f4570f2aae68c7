"""Every address of the site, found in the URL patterns, filled from a world of rows.

``every_address(world)`` gives at least one address for every URL pattern there is, of
Wagtail, allauth and ours.  ``world.arguments`` says what stands for the arguments (see
``tests/walls/world.py``); an argument that it does not know fails with the name of the
pattern, so that a new address is walked from its first day or breaks the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.urls import URLPattern, URLResolver, get_resolver

#: ``<int:page_id>`` or ``<token>`` in a route.
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


class World(Protocol):
    """What fills the addresses."""

    #: groups of arguments that belong together: [{"page_id": 3, "revision_id": 9}, …]
    arguments: list[list[dict[str, Any]]]
    #: name of a pattern -> arguments that mean something else there than elsewhere
    particular: dict[str, list[dict[str, Any]]]
    #: name of a pattern -> what stands behind "?"
    queries: dict[str, list[str]]
    #: pattern -> whole addresses, for what is written as a regular expression
    written: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One URL pattern: its whole route, its name with namespaces, its view."""

    route: str
    name: str
    view: Any
    arguments: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Which door it is: desk, drafts, wagtail, accounts, files or public."""
        for prefix, kind in (
            ("admin/desk/", "desk"),
            ("admin/drafts/", "drafts"),
            ("admin/", "wagtail"),
            ("^admin/", "wagtail"),
            ("accounts/", "accounts"),
            ("media/", "files"),
            ("^documents/", "files"),
        ):
            if self.route.startswith(prefix):
                return kind
        return "public"


@dataclass(frozen=True, slots=True)
class Address:
    """One address to try: ``url`` is a path with its query, from the site's root."""

    pattern: str
    name: str
    url: str
    kind: str
    arguments: dict[str, Any]
    view: Any

    def __str__(self) -> str:
        return f"{self.name or self.pattern} {self.url}"


def every_pattern() -> list[Pattern]:
    """Return all URL patterns in the order in which they are tried."""
    return list(_patterns(get_resolver().url_patterns, "", ""))


def _patterns(entries: Any, prefix: str, names: str) -> Iterator[Pattern]:
    for entry in entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{names}{entry.namespace}:" if entry.namespace else names
            yield from _patterns(entry.url_patterns, route, inner)
        elif isinstance(entry, URLPattern):
            yield Pattern(
                route,
                names + entry.name if entry.name else "",
                entry.callback,
                tuple(_ARGUMENT.findall(route)),
            )


def every_address(world: World) -> list[Address]:
    """Return the addresses of every pattern; raise LookupError for one without."""
    found, missing = [], []
    for pattern in every_pattern():
        urls = list(_urls(pattern, world))
        if not urls:
            missing.append(f"{pattern.name or '?'} ({pattern.route})")
        found += [
            Address(pattern.route, pattern.name, url, pattern.kind, given, pattern.view)
            for url, given in urls
        ]
    if missing:
        message = f"tests/walls/world.py says nothing of: {missing}"
        raise LookupError(message)
    return found


def _urls(pattern: Pattern, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    written = world.written.get(pattern.route)
    if written is not None:
        yield from ((url, {}) for url in written)
        return
    for given in _fillings(pattern, world):
        path = _ARGUMENT.sub(
            lambda found, given=given: str(given[found.group(1)]), pattern.route
        )
        path = "/" + path.replace("^", "").replace("$", "")
        for query in world.queries.get(pattern.name, [""]):
            yield f"{path}?{query}" if query else path, given


def _fillings(pattern: Pattern, world: World) -> list[dict[str, Any]]:
    """Return each combination of the arguments' values that belong together."""
    made = world.particular.get(pattern.name, [{}])
    left = set(pattern.arguments) - set(made[0])
    for group in world.arguments:
        if not (of_group := left & set(group[0])):
            continue
        left -= of_group
        rows = []
        for row in group:
            values = {name: row[name] for name in of_group if name in row}
            if len(values) == len(of_group) and values not in rows:
                rows.append(values)
        made = [before | row for before in made for row in rows]
    return [] if left else made

"""The list of addresses itself: whole, resolvable, and each leads where it says."""

from __future__ import annotations

from django.urls import resolve

from tests.addresses import every_address, every_pattern
from tests.walls.world import World


def test_every_pattern_has_an_address_that_leads_to_it(world: World) -> None:
    addresses = every_address(world)
    assert {a.pattern for a in addresses} == {p.route for p in every_pattern()}
    assert len(addresses) > 300
    for address in addresses:
        route = resolve(address.url.partition("?")[0]).route
        # Wagtail's own password pages are shadowed by the one door before them.
        shadowed = "password_reset/" in address.pattern and "password_reset" in route
        same = route.replace("^", "") == address.pattern.replace("^", "")
        assert same or shadowed, (address, route)

"""Every address, opened and sent to by eleven people: nobody gets more than their due.

Whoever may not come is refused, reads no planted word and changes nothing.  Whoever may
is shown the page, and the form that stands on it stores something when it is sent.
``tests/walls/rights.py`` says who may; the bodies are those of the forms themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from django.urls import Resolver404, resolve

from comments.models import AuditCoder
from comments.themes import review
from consultations.models import Role
from tests.addresses import Address, every_address
from tests.factories import NOW, make_agency, make_member, make_user
from tests.long import LONG
from tests.walls.marks import MARKS, SUPERUSER, words_seen
from tests.walls.rights import ALL, NONE, OWN, PEOPLE, RIGHTS, key_of
from tests.walls.walk import Answer, Walker, bodies_in
from tests.walls.world import World

ROLES = dict(zip("EAMUeamu", [*Role, *Role], strict=True))


def walkers(world: World) -> dict[str, Walker]:
    """Return everybody, by letter."""
    other = make_agency("กรมอื่น")
    users: dict[str, Any] = {"N": None, "C": make_user()}
    for letter, role in ROLES.items():
        users[letter] = make_member(world.agency if letter.isupper() else other, role)
    users["E"] = AuditCoder.objects.order_by("seat").first().user
    users["S"] = make_user(is_superuser=True)
    for theme, letter in zip(
        world.analysed.themes.order_by("number")[:2], "EA", strict=True
    ):
        review.theme_rename(
            theme=theme,
            revision=theme.revision,
            title=f"ชื่อที่ {letter} ตั้ง",
            title_en="",
            note="",
            by=users[letter],
            now=NOW,
        )
    return {letter: Walker(letter, users[letter]) for letter in PEOPLE}


#: Address -> why nothing can be stored there by those who may.
STORES_NOTHING = {
    "desk_office": "more than two people write for this agency",
    "desk_round_announce": "its information is not complete",
    "drafts_laws": "this draft amends no law",
    "consultations:receipt_erase": "offered once everything is taken back",
}


def sent_by_scripts(world: World) -> dict[str, dict[str, Any]]:
    """Return the bodies of Wagtail's that stand in no form of a page."""
    document, image = world.document, world.image
    return {
        f"/admin/documents/multiple/{document.pk}/": {
            f"doc-{document.pk}-title": "ชื่อใหม่",
            f"doc-{document.pk}-collection": document.collection_id,
        },
        f"/admin/images/multiple/{image.pk}/": {
            f"image-{image.pk}-title": "ชื่อใหม่",
            f"image-{image.pk}-collection": image.collection_id,
        },
        "/admin/sites/new/": {
            "hostname": "other.example.org",
            "port": "80",
            "root_page": world.agency.pk,
        },
    }


class Walk:
    """What everybody got everywhere."""

    def __init__(self, world: World) -> None:
        self.people = walkers(world)
        self.addresses = every_address(world)
        #: what is not announced, and a page that only its desk has
        self.hidden = (
            f"/consultations/{world.hidden.consultation.slug}/",
            f"/{world.agency.slug}/{world.draft.slug}/",
        )
        self.wrong: list[str] = []
        #: word -> letters of those who read it
        self.read: dict[str, set[str]] = defaultdict(set)
        #: key -> letters of those who were shown something, who stored something
        self.shown: dict[str, set[str]] = defaultdict(set)
        self.stored: dict[str, set[str]] = defaultdict(set)
        self.why: dict[tuple[str, str], str] = {}
        #: letter -> path -> bodies of the forms that stand on pages for it
        self.bodies: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
        self.scripts = sent_by_scripts(world)
        self.first: dict[str, str] = {}
        #: method, key -> letters of those who came and may
        self.came: dict[tuple[str, str], set[str]] = defaultdict(set)

    def rights(self, address: Address) -> tuple[str, str]:
        if address.url.startswith(self.hidden):
            return NONE, NONE
        return RIGHTS.get(key_of(address.url), (NONE, NONE))

    def _judge(self, letter: str, answer: Answer, may: str) -> bool:
        """Note what is wrong; return whether the person was let in."""
        words = words_seen(answer.text)
        for word in words:
            self.read[word].add(letter)
        if letter in may:
            self.came[answer.method, key_of(answer.address.url)].add(letter)
        if answer.status >= 500:
            self.wrong.append(f"{letter} {answer}: a fault")
        if letter not in may and answer.writes:
            self.wrong.append(f"{letter} {answer}: stores {answer.writes}")
        closed = answer.is_refused or self._is_led_on(letter, answer)
        if letter not in may and answer.method == "GET" and (words or not closed):
            self.wrong.append(f"{letter} {answer}: let in, reads {words}")
        return not answer.is_refused

    def _is_led_on(self, letter: str, answer: Answer) -> bool:
        """Tell whether someone is sent on to where they may be."""
        if not answer.led_to or answer.led_to.startswith(self.hidden):
            return False
        key = key_of(urljoin(answer.address.url, answer.led_to))
        return letter in RIGHTS.get(key, (NONE, NONE))[0]

    def visits(self, address: Address, turn: int, may: str) -> list[tuple[str, Walker]]:
        """Return who is sent to an address: everybody in ``make long``.

        Otherwise those of one's own agency, and the others in turns; to what everybody
        or nobody may open, only a few; again to the same door, only who may come.
        """
        key, path = key_of(address.url), urlsplit(address.url).path
        again = self.first.setdefault(key, path) != path
        one = ALL[turn % len(ALL)]
        few = f"N{OWN}" + ("euS" if turn % 2 else "CamS")
        if key not in RIGHTS:
            few = "AS"
        elif ALL in RIGHTS[key]:
            few = f"NE{one}"
        elif again:
            few = "".join(letter for letter in few if letter in may)
        letters = [letter for letter in ALL if LONG or letter in few]
        return [(letter, self.people[letter]) for letter in letters]

    def look(self) -> None:
        """Open everything."""
        for turn, address in enumerate(self.addresses):
            may, _store = self.rights(address)
            for letter, walker in self.visits(address, turn, may):
                answer = walker.go(address)
                if self._judge(letter, answer, may):
                    self.shown[key_of(address.url)].add(letter)
                for path, bodies in bodies_in(answer).items():
                    self.bodies[letter].setdefault(path, []).extend(bodies)

    def targets(self) -> Iterator[Address]:
        """Yield where something can be sent: every address and every form's."""
        seen = set()
        paths = [p for of in self.bodies.values() for p in of]
        for address in self.addresses:
            bare = address.url.partition("?")[0]
            url = address.url if key_of(bare).startswith("bulk ") else bare
            if url not in seen:
                seen.add(url)
                yield Address(
                    address.pattern, address.name, url, address.kind, {}, address.view
                )
        for path in paths:
            if path not in seen:
                seen.add(path)
                try:
                    found = resolve(path)
                except Resolver404:
                    self.wrong.append(f"{path}: the form of a page leads nowhere")
                    continue
                yield Address(found.route, found.view_name, path, "", {}, found.func)

    def send(self) -> None:
        """Send to everything what the forms there would; others send it too."""
        anybody: dict[str, list[dict[str, Any]]] = {}
        for of in self.bodies.values():
            anybody |= {p: bodies for p, bodies in of.items() if p not in anybody}
        for turn, address in enumerate(self.targets()):
            _see, may = self.rights(address)
            path = urlsplit(address.url).path
            others = [self.scripts[path]] if path in self.scripts else []
            for letter, walker in self.visits(address, turn, may):
                own = self.bodies[letter].get(path, []) if letter in may else []
                own = own if LONG else own[:3]
                for body in own + others or anybody.get(path, [{}])[:1]:
                    answer = walker.go(address, body)
                    if letter in may and not answer.writes:  # "are you sure?"
                        for more in bodies_in(answer).get(path, [])[:1]:
                            answer = walker.go(address, more)
                    self._judge(letter, answer, may)
                    key = key_of(address.url)
                    if answer.writes:
                        self.stored[key].add(letter)
                    elif letter in may:
                        self.why[key, letter] = f"{answer} {said(answer.text)}"


def said(html: str) -> str:
    """Return the errors that a page shows, for the message of a failed walk."""
    page = BeautifulSoup(html, "html.parser")
    errors = page.select("[role=alert], .errorlist, .error-message")
    return " ".join(one.get_text(" ", strip=True) for one in errors)[:250]


def test_everybody_everywhere(walked: World) -> None:
    walk = Walk(walked)
    walk.look()
    walk.send()
    report = [*walk.wrong]
    came, shown, stored = walk.came, walk.shown, walk.stored
    for key, (see, store) in RIGHTS.items():
        if (see and not came["GET", key]) or (store and not came["POST", key]):
            report.append(f"{key}: nobody came who may")
        report += [
            f"{one} {key}: shown nothing" for one in came["GET", key] - shown[key]
        ]
        if key not in STORES_NOTHING:
            report += [
                f"{one} {key}: stores nothing: {walk.why.get((key, one))}"
                for one in came["POST", key] - stored[key]
            ]
    for mark in MARKS:
        due = {one for one in OWN if ROLES[one] in mark.seen_by}
        due |= {"S"} if SUPERUSER in mark.seen_by else set()
        if walk.read[mark.word] != due:
            report.append(f"{mark}: read by {walk.read[mark.word]}, due to {due}")
    assert "\n".join(report) == ""

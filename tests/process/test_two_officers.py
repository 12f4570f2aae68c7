"""Two officers at every form of every desk: no word is lost.

The forms are found in the pages, the pages in the addresses.  Both open a page, the
first saves, then the second: who comes second is answered 409 with both texts.  Only
where each save adds something of its own may both be stored.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse
from wagtail.models import Page, get_page_models

from cms.models import HomePage
from comments.models import Bucket, Status, ThemeAssignment
from comments.themes import review
from consultations.desk.round_forms import PREPARATIONS
from consultations.models import AgencyMembership, Role, Round
from drafts import clock
from drafts.law.numerals import thai_date
from drafts.services import blocks_of
from tests.addresses import every_address
from tests.factories import NOW, make_comments, make_member, make_round
from tests.themes.conftest import TEXTS as SAID
from tests.themes.conftest import done, use_fake_pipeline
from tests.walls.conftest import world  # noqa: F401
from tests.walls.walk import body_fields
from tests.walls.world import World

pytestmark = pytest.mark.django_db

#: Form -> why both may be stored: each save adds a row of its own, none replaces one.
ADDS = {
    "desk_consultation_add": "a consultation with an address of its own",
    "desk_round_add:question": "the next question",
    "desk_round_add:method": "one more method of hearing",
    "desk_round_add:session": "one more meeting",
    "desk_round_add:document": "one more file",
    "desk_round_add:posting": "evidence of one more posting",
    "desk_round_add:stakeholder": "one more organisation that was told",
    "desk_round_add:milestone": "one more next step",
    "desk_offline": "one more submission, by its token",
    "desk_theme:note": "a note of one's own, never changed",
    "desk_bucket:note": "a note of one's own, never changed",
    "drafts_add_provision": "one more piece of the draft",
    "drafts_add_division": "one more piece of the draft",
    "drafts_add_part": "one more piece of the draft",
    "drafts_version_provision": "notes are numbered, earlier ones are kept and shown",
}
#: Form into which nobody types -> why the second choice is no loss of the first.
ACTS = {
    "drafts_block_step": "one place more from where the piece stands; no word changes",
    "desk_themes_run:start": "one run works at a time, the second officer is told",
}
#: Form -> why a save stores nothing: what is in the file is looked at first.
LOOKS = {
    "drafts_import": "shows what the parser found",
    "drafts_act_import": "shows what the parser found",
    "drafts_correct": "shows what would change",
    "desk_moderation_comment:unseal": "shows what was typed, and writes down to whom",
}
#: Two buttons, the second pressed after the first -> why both may be done.
BOTH = {
    ("desk_theme:evidence", "desk_theme:create"): "the mark goes with the comment",
    ("desk_theme:no_evidence", "desk_theme:create"): "there is no mark to lose",
}
#: Form -> why nobody can send it yet in this world.
NOT_READY = {
    "desk_round_announce": "the information is not complete (see test_confirming.py)",
}


#: Field -> days from today of what the first and the second officer type.
DAYS = {
    "opens_on": (2, 3),
    "closes_on": (60, 61),
    "due_on": (90, 91),
    "held_on": (-1, -2),
    "posted_on": (-1, -2),
    "sent_on": (-1, -2),
    "done_on": (-1, -2),
    "completed_on": (-1, -2),
}
#: Field -> what the first and the second type where not any words will do.
TYPED = {
    "slug": ("first-officer", "second-officer"),
    "heads": ("กลุ่มของก: 3", "กลุ่มของข: 4"),
    "label": ("๙๑", "๙๒"),
}
#: Choices that bring what was typed into force.
CHOSEN = {"keep": "own"}
#: Fields that stay as they are: exact words of the draft, the day something came.
LEFT = {"before_text", "after_text", "received_on"}


def _typed(name: str, who: int, kind: str, special: dict[str, Any]) -> str | None:
    """Return what an officer types into a field; None leaves it as it is."""
    if name in LEFT:
        return None
    if name in special or name in TYPED:
        return (special | TYPED)[name][who]
    if name in DAYS:
        day = clock.today() + dt.timedelta(days=DAYS[name][who])
        return day.isoformat() if kind == "date" else thai_date(day, short=True)
    if kind == "number":
        return str(10 + who)
    return f"คำของ{'กข'[who]}ในช่อง{name}"


@dataclass
class Found:
    """One form of a page with one of its buttons."""

    key: str
    url: str
    data: dict[str, list[str]]
    #: name -> type of the fields that a person types into
    texts: dict[str, str]
    files: list[str] = field(default_factory=list)

    special: dict[str, Any] = field(default_factory=dict)
    #: name -> values of the open choices, in forms into which nobody types
    choices: dict[str, list[str]] = field(default_factory=dict)
    #: which form of its page
    form: int = 0

    @property
    def is_pressed_only(self) -> bool:
        """Tell whether nobody types or takes anything: there are buttons alone."""
        return not self.texts and not self.choices

    def sent(self, who: int) -> dict[str, Any]:
        data: dict[str, Any] = {**self.data}
        for name, kind in self.texts.items():
            typed = _typed(name.rpartition("-")[2], who, kind, self.special)
            if typed is not None:
                data[name] = [typed]
        for name, values in self.choices.items():
            others = [one for one in values if one not in self.data[name]]
            data[name] = [others[who]] if len(others) > who else data[name]
        for name in self.files:
            data[name] = [SimpleUploadedFile("a.pdf", b"%PDF-1.4")]
        return data

    def words(self) -> list[str]:
        """Return what both typed, field by field, where they differ."""
        pairs = [[self.sent(who)[name][0] for who in (0, 1)] for name in self.texts]
        return [word for pair in pairs if pair[0] != pair[1] for word in pair]


def _controls(page: BeautifulSoup, form: Tag) -> list[Tag]:
    inside = form.find_all(["input", "textarea", "select"])
    ident = form.get("id")
    outside = (
        page.find_all(["input", "textarea", "select"], form=ident) if ident else []
    )
    return [
        one
        for one in [*inside, *outside]
        if one.get("name")
        and not one.has_attr("disabled")
        and one.find_parent("fieldset", disabled=True) is None
        and one.find_parent("template") is None
    ]


def _form(
    page: BeautifulSoup, form: Tag
) -> tuple[dict[str, list[str]], dict[str, str], list[str]]:
    """Fill a form as a browser would; choices that are open get their first value."""
    data: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    files: list[str] = []
    for one in _controls(page, form):
        name, kind = one["name"], one.get("type", "text")
        if one.name == "textarea":
            texts[name] = "textarea"
            data[name] = [one.text.removeprefix("\n")]
        elif one.name == "select":
            options = one.find_all("option")
            chosen = [o for o in options if o.has_attr("selected")]
            filled = [o for o in options if o.get("value", o.text)]
            # Two coders are two people, five things said are said of five subjects.
            place = 1 if name == "second" else int(name[0]) if name[0].isdigit() else 0
            filled = filled[place:] if "stance" not in name else filled
            if not one.has_attr("multiple"):
                chosen = [o for o in chosen if o.get("value", o.text)] or filled[:1]
            data[name] = [o.get("value", o.text) for o in chosen]
        elif kind in {"checkbox", "radio"}:
            value = one.get("value", "on")
            if name in CHOSEN and kind == "radio":
                data[name] = [CHOSEN[name]]
            elif one.has_attr("checked") or (kind == "radio" and name not in data):
                data[name] = [value]
            elif one.has_attr("required") or name in {"confirm", "pick", "comments"}:
                data.setdefault(name, [value])
        elif kind == "file":
            if one.has_attr("required"):
                files.append(name)
        elif kind not in {"submit", "button", "image", "reset"}:
            data.setdefault(name, []).append(one.get("value", ""))
            if kind != "hidden":
                texts[name] = kind
    return data, texts, files


def _choices(page: BeautifulSoup, form: Tag) -> dict[str, list[str]]:
    """Return the values of the selects from which a person takes one."""
    return {
        one["name"]: [
            value for o in one.find_all("option") if (value := o.get("value", o.text))
        ]
        for one in _controls(page, form)
        if one.name == "select" and not one.has_attr("multiple")
    }


def _forms(html: str, url: str, key: str) -> Iterator[Found]:
    page = BeautifulSoup(html, "html.parser")
    posting = page.find_all("form", method=lambda m: m and m.lower() == "post")
    for number, form in enumerate(posting):
        data, texts, files = _form(page, form)
        choices = {} if texts else _choices(page, form)
        action = urljoin(url, form.get("action") or url)
        buttons = [
            b for b in form.find_all("button") if b.get("type", "submit") == "submit"
        ]
        open_ = [b for b in buttons if not b.find_parent("fieldset", disabled=True)]
        if not open_ and not (texts or choices):  # there is nothing to press
            continue
        for button in open_ or [None]:
            pressed = button.get("name") if button is not None else None
            value = button.get("value", "") if button is not None else ""
            name = resolve(urlsplit(action).path).url_name or key
            name += key[key.index(":") :] if name == "desk_round_add" else ""
            name = key if key.startswith("edit ") else name
            full = f"{name}:{value}" if pressed in {"action", "act"} else name
            sent = {**data, **({pressed: [value]} if pressed else {})}
            yield Found(full, action, sent, texts, files, choices=choices, form=number)


@dataclass(frozen=True)
class Place:
    key: str
    url: str


@pytest.fixture
def themed(world: World, settings: Any, tmp_path: Path) -> Round:  # noqa: F811
    """A closed round with proposed themes, and the last of them approved."""
    use_fake_pipeline(settings, tmp_path / "runs")
    round = make_round(world.agency, stage="closed", slug="themed-law")
    make_comments(round, [*SAID, "ไฟส่องทาง มืด", "ไฟส่องทาง พัง"])
    done(round)
    # One comment waits for a moderator: it is the first in the queue.
    newest = round.comments.order_by("pk").last()
    round.comments.filter(pk=newest.pk).update(status=Status.RECEIVED)
    theme = round.themes.order_by("number").last()
    review.theme_approve(theme=theme, revision=theme.revision, by=None, now=NOW)
    first = ThemeAssignment.objects.filter(round=round, theme__number=1).first()
    review.evidence_toggle(comment=first.comment, on=True, by=None, now=NOW)
    world.particular["desk_theme"] = [{"number": 1}, {"number": theme.number}]
    world.particular["desk_answer"] = [{"number": theme.number}]
    world.queries |= {"desk_theme_merge": ["into=2"], "desk_theme_split": ["words=ควร"]}
    return round


def _desk_places(world: World, themed: Round) -> Iterator[Place]:  # noqa: F811
    rounds = (world.hidden, world.open, world.closed, world.reported, themed)
    group = [{"round_id": round.pk} for round in rounds]
    pieces = {b["type"]: b["id"] for b in blocks_of(world.draft.latest_revision)}
    drafts = (world.draft.pk, world.closed.consultation.draft_id)
    replaced = {"round_id", "what", "key", "consultation_id", "bucket", "draft_id"}
    replaced |= {"public_id"}
    world.arguments = [
        *(one for one in world.arguments if not set(one[0]) & replaced),
        group,
        [{"what": what} for what in PREPARATIONS],
        [{"key": key} for key in pieces.values()],
        [{"consultation_id": round.consultation_id} for round in rounds],
        [{"bucket": bucket} for bucket in Bucket.values],
        [{"draft_id": draft} for draft in drafts],
        [{"public_id": _spoken(world)[0].public_id}],
    ]
    for address in every_address(world):
        if address.kind in {"desk", "drafts"}:
            what = address.arguments.get("what")
            yield Place(f"{address.name}:{what}" if what else address.name, address.url)


def _page_places(world: World) -> Iterator[Place]:  # noqa: F811
    home = HomePage.objects.first() or Page.objects.get(depth=2).specific
    for model in get_page_models():
        if model is Page:
            continue
        page = model.objects.order_by("pk").last()
        if page is None and model.can_create_at(home):
            page = home.add_child(
                instance=model(title="หน้า", slug=model.__name__.lower())
            )
        assert page is not None, model
        page.save_revision()
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        yield Place(f"edit {model.__name__}", url)


def _rows() -> str:
    """Return all that is stored in our own tables, apart from logs and revisions."""
    found = []
    for label in ("drafts", "comments", "consultations"):
        for model in apps.get_app_config(label).get_models():
            if model.__name__ in {"AuditEntry", "OutboxEntry"} or issubclass(
                model, Page
            ):
                continue
            found += [str(row) for row in model.objects.values()]
    pages = Page.objects.exclude(latest_revision=None).select_related("latest_revision")
    for page in pages:
        content = page.latest_revision.content
        body = json.loads(content.get("body", "null"))  # its own JSON hides Thai
        found.append(str({**content, "body": body}))
    return "\n".join(found)


class Undo(Exception):
    """Ends a trial: all that it stored goes."""


@dataclass
class Told:
    """What the walk found."""

    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    saved: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    def trial(self, found: Found, other: Found, clients: list[Client]) -> None:
        self.seen.add(found.key)
        try:
            with transaction.atomic():
                self._trial(found, other, *clients)
                raise Undo
        except Undo:
            return

    def trial_of_buttons(self, found: Found, other: Found, clients: list[Client]):
        """Let the second press another button of the same form."""
        if found.is_pressed_only and other.is_pressed_only:
            self.trial(found, other, clients)

    def _trial(self, found: Found, other: Found, first: Client, second: Client) -> None:
        one = first.post(found.url, found.sent(0))
        if one.status_code != 302:
            page = BeautifulSoup(one.content, "html.parser")
            errors = page.select("[role=alert], .errorlist, .error-message")
            why = " ".join(e.get_text(" ", strip=True) for e in errors)
            self.refused[found.key] = f"{one.status_code} {why[:200]}"
            if found.key in LOOKS and one.status_code in {200, 422}:
                self.saved.add(found.key)
            return
        self.saved.add(found.key)
        pressed = found.is_pressed_only and found.key not in ACTS
        stands = _rows() if pressed else ""
        two = second.post(other.url, other.sent(1))
        if pressed:  # the same button or its neighbour: told, or nothing is left to do
            told = two.status_code in {404, 409, 422}
            told |= (found.key, other.key) in BOTH
            if not told and (two.status_code != 302 or _rows() != stands):
                both = f"{found.key}, then {other.key}"
                self.wrong.append(f"{both}: {two.status_code}, done both")
            return
        both = found.words()
        if found.key in ACTS:
            if two.status_code != 302 or both:
                self.wrong.append(f"{found.key}: {two.status_code}, typed: {both}")
            return
        if found.key in ADDS:
            stored = _rows()
            lost = [word for word in both if word not in stored and not _is_form(word)]
            if two.status_code != 302 or lost:
                self.wrong.append(f"{found.key}: {two.status_code}, not stored: {lost}")
            return
        text = unescape(two.content.decode())
        lost = [word for word in both if word not in text]
        if two.status_code != 409 or lost:
            self.wrong.append(
                f"{found.key} {found.url}: {two.status_code}, not shown: {lost}"
            )


def _is_form(word: str) -> bool:
    """Tell whether a value is stored in another form than it was typed in (a date)."""
    return "คำของ" not in word


def _spoken(world: World) -> list[Any]:  # noqa: F811
    rows = world.closed.comments.filter(status="published").exclude(public_text="")
    return list(rows.order_by("pk"))


def _special(world: World) -> dict[str, Any]:  # noqa: F811
    """Return what to type that must be of this world: words and ids of comments."""
    comments = _spoken(world)
    text, others = comments[0].public_text, comments[1:3]
    return {
        "words": (text[:4], text[4:8]),
        "of": tuple(comment.public_id for comment in others),
    }


@pytest.fixture
def officers(world: World) -> list[Client]:  # noqa: F811
    clients = []
    for _n in range(2):
        user = make_member(world.agency, Role.APPROVER)
        for role in (Role.EDITOR, Role.MODERATOR):
            AgencyMembership.objects.create(user=user, agency=world.agency, role=role)
        client = Client()
        client.force_login(user)
        clients.append(client)
    return clients


def test_no_desk_loses_a_word(
    world: World,  # noqa: F811
    themed: Round,
    officers: list[Client],
) -> None:
    first, second = officers
    told, special = Told(), _special(world)
    for place in _desk_places(world, themed):
        opened = first.get(place.url)
        if opened.status_code != 200 or "html" not in opened.headers["Content-Type"]:
            continue
        html = second.get(place.url).content.decode()
        here = list(_forms(opened.content.decode(), place.url, place.key))
        there = list(_forms(html, place.url, place.key))
        for mine, theirs in zip(here, there, strict=True):
            assert mine.texts == theirs.texts
            mine.special = theirs.special = special
            told.trial(mine, theirs, officers)
        for mine, theirs in product(here, there):
            if mine.form == theirs.form and mine.key != theirs.key:
                told.trial_of_buttons(mine, theirs, officers)
    tried = told.seen - set(NOT_READY)
    never = {key: told.refused.get(key) for key in tried - told.saved}
    never |= dict.fromkeys({*ADDS, *LOOKS, *ACTS} - told.seen, "listed, not there")
    assert not told.wrong, "\n".join(told.wrong)
    assert not never, "\n".join(f"{key}: {why}" for key, why in never.items())


def test_no_page_of_ours_loses_a_word(world: World, officers: list[Client]) -> None:  # noqa: F811
    first = officers[0]
    for client in officers:
        user = client.session["_auth_user_id"]
        type(world.membership.user).objects.filter(pk=user).update(is_superuser=True)
    told, blocks = Told(), 0
    for place in _page_places(world):
        page = Page.objects.get(pk=urlsplit(place.url).path.split("/")[-3])
        html = first.get(place.url).content.decode()
        found = next(
            f
            for f in _forms(html, place.url, place.key)
            if f.url == place.url and f.texts
        )
        found.texts = {
            n: k for n, k in found.texts.items() if "-" not in n and n != "slug"
        }
        body = body_fields(page)
        found.data |= {name: [value] for name, value in body.items()}
        words = [n for n in body if n.endswith(("-text", "-name"))]
        found.texts |= dict.fromkeys(words, "textarea")
        blocks += len(words)
        told.trial(found, found, officers)
    assert not told.wrong, "\n".join(told.wrong)
    assert told.seen == told.saved, told.refused
    assert blocks, "no page with a body was there"

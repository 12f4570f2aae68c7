"""Every page of the staff's own desks before axe.

The sister of ``test_accessibility`` behind the door.  An address of ours under /admin/
that has no row in ``rows`` fails the test.  Nothing of a desk may scroll sideways at
320 px, complain in the console, or call another host.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse
from playwright.sync_api import Error as PlaywrightError
from wagtail.users.models import UserProfile

from comments.models import Comment
from consultations.confirming import request_ask
from consultations.desk.round_forms import PREPARATIONS
from consultations.models import AgencyMembership, Role
from consultations.preparing import evidence_strike
from drafts import clock, outbox
from drafts.models import OutboxEntry
from drafts.services import draft_import
from tests import factories as make
from tests.acts import texts
from tests.acts.texts import make_act, make_bill
from tests.audit.test_audit import code_all, draw, finish
from tests.browser.conftest import Album, Watch
from tests.browser.looking import LANGUAGES, look, turn
from tests.drafts.test_corrections import CHANGED, TEXTS, act
from tests.drafts.test_editing import latest
from tests.report import builders
from tests.themes.conftest import TEXTS as SAID
from tests.themes.conftest import done, use_fake_pipeline

ROOMS = {"consultations", "comments", "drafts", "search", "cms"}
#: The pages are looked at in so many tests, each short enough to be run alone.
PARTS = 3
#: Addresses of ours that show no page of their own.
NO_PAGE = {
    "drafts_block_remove": "POST alone",
    "drafts_block_move": "POST alone",
    "drafts_block_step": "POST alone",
    "drafts_file": "a file",
    "edit": "Wagtail's page editor, which test_draft_editor looks at",
    "desk_report_file": "a file",
    "desk_report_publish": "POST; its refusals show the report's page",
    "desk_report_progress": "a fragment of the report's page",
    "desk_report_correct": "POST alone",
    "desk_themes_table": "a file",
    "desk_themes_run": "POST alone",
    "desk_themes_undo": "POST alone",
    "desk_themes_progress": "a fragment of the page of themes",
    "desk_round_new": "POST alone",
    "desk_round_remove": "POST alone",
}


@dataclass
class Row:
    """One page to look at, and what is pressed before."""

    name: str
    url_name: str
    args: tuple[Any, ...] = ()
    query: str = ""
    before: Callable[[Any], None] | None = None

    @property
    def path(self) -> str:
        return reverse(self.url_name, args=self.args) + self.query


def own_names(resolver: Any = None) -> Iterator[str]:
    """Yield the name of every address under /admin/ that our own code answers."""
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            if resolver or "admin" in str(one.pattern):
                yield from own_names(one)
        elif resolver and one.callback.__module__.split(".")[0] in ROOMS:
            yield one.name


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Any:
    """Make an agency with drafts, rounds, themes, an audit and a report."""
    monkeypatch.setattr(clock, "now", lambda: make.NOW)
    use_fake_pipeline(settings, tmp_path / "runs")
    make.home()
    reported, _report = builders.ready(30, slug="reported-law")
    agency = reported.consultation.agency
    closed = make.make_round(agency, stage="closed", slug="closed-law")
    make.make_comments(closed, SAID)
    done(closed)
    make.make_comments(closed, ["ใบอนุญาต ยังช้าอยู่", "ไฟส่องทาง มืดเกินไป"])
    done(closed, detail="more")  # proposed; what would change is shown
    people = [make.make_member(agency, Role.EDITOR) for _ in range(2)]
    coded = draw(closed, people)
    for person in people:
        code_all(coded, person, lambda item: "t1" if item.position % 3 else "few")
        finish(coded, person)
    member = make.make_member(agency, Role.EDITOR, first_name="สมหญิง")
    for role in (Role.APPROVER, Role.MODERATOR):
        AgencyMembership.objects.create(user=member, agency=agency, role=role)
    member.user_permissions.add(
        *Permission.objects.filter(
            codename__in=["access_admin", "change_outboxentry"],
            content_type__app_label__in=["wagtailadmin", "drafts"],
        )
    )
    outbox.emit("comment", [17, 18])
    OutboxEntry.objects.update(
        parked_at=make.NOW, attempts=5, last_error="ConnectionError"
    )
    running = draw(closed, [member, people[0]], reason="คนใหม่")
    version = make.make_version(make.make_draft(agency))
    bill = make_bill(agency=agency).draft
    draft = draft_import(
        agency=agency, data=act("หมวด ๑ ทั่วไป", *TEXTS), by=member
    ).draft
    opened = make.make_round(agency, slug="open-law")
    ask = {"now": make.NOW, "by": member, "reason": "น้ำท่วมหลายจังหวัด"}
    later = opened.closes_on + dt.timedelta(days=7)
    own = request_ask(round=opened, act="extend", closes_on=later, **ask)
    told = reported.stakeholder_notices.get()
    evidence_strike(obj=told, round=reported, reason="บันทึกผิดวัน", now=make.NOW)
    asked = request_ask(round=reported, act="publish", by=people[0], now=make.NOW)
    return {
        "own": own,
        "asked": asked,
        "met": reported.sessions.get().pk,
        "member": member,
        "agency": agency,
        "closed": closed,
        "reported": reported,
        "new": make.make_round(agency, stage="draft", slug="new-law"),
        "open": opened,
        "comment": Comment.objects.filter(round=reported, status="withheld").first(),
        "coded": coded,
        "running": running,
        "act": make_act(),
        "bill": bill,
        "draft": draft,
        "version": version,
    }


def refuse(page: Any) -> None:
    """Send the page's largest form as it stands, past the browser's own checks."""
    largest = "(a, b) => a.elements.length < b.elements.length ? b : a"
    with page.expect_navigation():
        page.eval_on_selector_all(
            "main form[method=post]", f"all => all.reduce({largest}).submit()"
        )
    assert page.locator("[role=alert], .w-field__errors, .errorlist").count()


def correct(page: Any) -> None:
    """Paste a corrected text: what it will change is shown before it does."""
    page.fill("textarea[name=text]", CHANGED)
    turn(page, page.locator("button[name=check]").first.click)


def paste(page: Any) -> None:
    """Paste a bill into the import: its outline is shown."""
    page.fill("textarea[name=text]", texts.BILL)
    turn(page, page.locator("button[name=check]").first.click)


def rows(world: Any) -> list[Row]:
    """Every page of the desks."""
    draft, bill, version = world["draft"].pk, world["bill"].pk, world["version"]
    block = next(b["id"] for b in latest(world["draft"]) if b["type"] == "provision")
    closed, reported = world["closed"].pk, world["reported"].pk
    new, open_ = world["new"].pk, world["open"].pk
    section = version.provisions.filter(kind="section").first()
    comment = world["comment"].public_id
    return [
        Row("outbox", "outbox"),
        Row("drafts", "drafts_index"),
        Row("draft-import", "drafts_import"),
        Row("draft-import-checked", "drafts_import", before=paste),
        Row("draft-import-refused", "drafts_import", before=refuse),
        Row("draft-outline", "drafts_outline", (draft,)),
        Row("draft-details", "drafts_details", (draft,)),
        Row("draft-block", "drafts_block", (draft, block)),
        Row("draft-add-provision", "drafts_add_provision", (draft,)),
        Row("draft-add-division", "drafts_add_division", (draft,)),
        Row("draft-add-part", "drafts_add_part", (draft,)),
        Row("draft-freeze", "drafts_freeze", (draft,)),
        Row("draft-freeze-refused", "drafts_freeze", (draft,), before=refuse),
        Row("draft-versions", "drafts_versions", (version.draft_id,)),
        Row("draft-version", "drafts_version", (version.draft_id, 1)),
        Row(
            "draft-version-provision",
            "drafts_version_provision",
            (version.draft_id, 1, section.pk),
        ),
        Row("draft-laws", "drafts_laws", (bill,)),
        Row("draft-correct", "drafts_correct", (draft,)),
        Row("draft-correct-shown", "drafts_correct", (draft,), before=correct),
        Row("acts", "drafts_acts"),
        Row("act", "drafts_act", (world["act"].pk,)),
        Row("act-import", "drafts_act_import"),
        Row("act-import-refused", "drafts_act_import", before=refuse),
        Row("rounds", "desk_rounds"),
        Row("office", "desk_office", (world["agency"].pk,)),
        Row("office-refused", "desk_office", (world["agency"].pk,), before=refuse),
        Row("consultation-add", "desk_consultation_add", (world["agency"].pk,)),
        Row(
            "consultation-add-refused",
            "desk_consultation_add",
            (world["agency"].pk,),
            before=refuse,
        ),
        Row("consultation", "desk_consultation", (world["new"].consultation_id,)),
        Row("round-draft", "desk_round", (new,)),
        Row("round-open", "desk_round", (open_,)),
        Row("round-closed", "desk_round", (reported,)),
        Row("round-dates", "desk_round_dates", (new,)),
        Row("round-announce", "desk_round_announce", (new,)),
        Row("round-extend", "desk_round_extend", (open_,)),
        Row("round-withdraw", "desk_round_withdraw", (open_,)),
        Row("round-withdraw-refused", "desk_round_withdraw", (open_,), before=refuse),
        Row("round-complete", "desk_round_complete", (reported,)),
        Row("round-request", "desk_round_request", (reported, world["asked"].pk)),
        Row("round-own-request", "desk_round_request", (open_, world["own"].pk)),
        Row("round-strike", "desk_round_strike", (reported, "session", world["met"])),
        Row(
            "round-strike-refused",
            "desk_round_strike",
            (reported, "session", world["met"]),
            before=refuse,
        ),
        *(
            Row(f"round-add-{what}", "desk_round_add", (new, what))
            for what in PREPARATIONS
        ),
        Row("moderation", "desk_moderation", (reported,)),
        Row("moderation-comment", "desk_moderation_comment", (reported, comment)),
        Row("offline", "desk_offline", (open_,)),
        Row("offline-refused", "desk_offline", (open_,), before=refuse),
        Row("report", "desk_report", (reported,)),
        Row("report-preview", "desk_report_preview", (reported,)),
        Row("report-list", "desk_report_list", (reported, "received")),
        Row("themes", "desk_themes", (closed,)),
        Row("themes-none", "desk_themes", (open_,)),
        Row("themes-adopt", "desk_themes_adopt", (closed,)),
        Row("themes-history", "desk_themes_history", (closed,)),
        Row("themes-map", "desk_themes_map", (closed,)),
        Row("themes-rules", "desk_themes_rules", (closed,)),
        Row("themes-parts", "desk_themes_parts", (closed,)),
        Row("themes-queue", "desk_themes_queue", (closed,)),
        Row("theme", "desk_theme", (closed, 1)),
        Row("theme-answered", "desk_theme", (reported, 1)),
        Row("theme-merge", "desk_theme_merge", (closed, 1)),
        Row("theme-merge-2", "desk_theme_merge", (closed, 1), "?with=2"),
        Row("theme-split", "desk_theme_split", (closed, 1)),
        Row("bucket-few", "desk_bucket", (closed, "few")),
        Row("bucket-other", "desk_bucket", (closed, "other")),
        Row("bucket-no-reason", "desk_bucket", (closed, "no_reason")),
        Row("answers", "desk_answers", (reported,)),
        Row("answer", "desk_answer", (closed, 1)),
        Row("answer-signed", "desk_answer", (reported, 1)),
        Row("audit", "desk_audit", (closed,)),
        Row("audit-code", "desk_audit_code", (closed, world["running"].number)),
        Row("audit-results", "desk_audit_results", (closed, world["coded"].number)),
    ]


def test_every_address_of_the_desks_has_a_row(world: Any) -> None:
    known = {row.url_name for row in rows(world)}
    names = set(own_names())
    assert len(names) > 50
    assert sorted(names - known - set(NO_PAGE)) == []
    assert sorted((set(NO_PAGE) | known) - names) == []


def covered_of(page: Any) -> list[str]:
    """Return the words of links and buttons that the menu's button lies over."""
    return page.evaluate("""() => {
        document.querySelectorAll("*").forEach(one => one.scrollTop = 0);
        return [...document.querySelectorAll("main a, main button")].filter(one => {
            const {x, y, width, height} = one.getBoundingClientRect();
            const on = width && document.elementFromPoint(x + 2, y + height / 2);
            return on && on.closest("#wagtail-sidebar, .sidebar-nav-toggle");
        }).map(one => one.innerText);
    }""")


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_at_the_desks(
    language: str,
    part: int,
    world: Any,
    open_tab: Callable[..., Any],
    album: Album,
    watch: Watch,
) -> None:
    """Look at every desk; at 320 px nothing scrolls sideways."""
    faults: list[str] = []
    member = world["member"]
    UserProfile.objects.create(user=member, preferred_language=language)
    client = Client()
    client.force_login(member)
    session = client.cookies["sessionid"].value
    for row in rows(world)[part::PARTS]:
        cache.clear()
        page = open_tab()
        page.set_default_timeout(10_000)
        page.context.add_cookies(
            [{"name": "sessionid", "value": session, "url": watch.host}]
        )
        answer = page.goto(row.path, wait_until="load")
        if answer.status != 200 or not page.url.endswith(row.path):
            faults.append(f"{row.name}: status {answer.status} at {page.url}")
        elif row.before:
            try:
                row.before(page)
            except (AssertionError, PlaywrightError) as error:
                faults.append(f"{row.name}: {str(error)[:200]}")
        lang = page.get_attribute("html", "lang")
        if lang != language:
            faults.append(f"{row.name}: html lang is {lang}")
        faults += look(page, row.name, album)
        if covered := covered_of(page):
            faults.append(f"{row.name}: the menu covers {covered}")
        page.context.close()
        album.write("faults.txt", "\n".join(faults))
    faults += sorted(set(watch.complaints))
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)

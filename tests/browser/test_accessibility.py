"""Every public page before axe: in Thai on a phone, and in ``make long`` in English and
on a screen too.

A public address that has no row in ``pages`` fails the test: a new page is looked at
from its first day.  Nothing may scroll sideways at 320 px, complain in the console, or
call another host.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import get_resolver

from cms.models import StandardPage
from cms.standing_pages import STANDING_PAGES
from comments.intake import About, submission_receive
from comments.models import Comment, Status
from comments.preparing import Said, Subject
from consultations.models import StageChoices
from consultations.report.services import report_publish
from consultations.services import round_advance_all
from drafts import clock
from search.services import index_rebuild
from tests import factories as make
from tests.acts import texts
from tests.acts.texts import make_act, make_bill, make_bill_round
from tests.browser.conftest import Album, Watch
from tests.browser.looking import LANGUAGES, look, turn
from tests.lineage.builders import make_revised
from tests.report import builders

#: The pages are looked at in so many tests, each short enough to be run alone.
PARTS = 3
#: Addresses that are no pages: files, redirects, or reached only with a POST and shown
#: by a row of their own below.
NO_PAGE = {
    "document": "a file",
    "consultations:results_file": "a file",
    "consultations:report_file": "a file",
    "consultations:draft_file": "redirects to the version's file",
    "consultations:respond_save": "POST; its refusals have rows",
    "consultations:receipt_withdraw": "POST; a row presses the button",
    "consultations:receipt_erase": "POST; back to the receipt, which has a row",
    "wagtaildocs_serve": "a file",
    "wagtaildocs_authenticate_with_password": "no private documents",
    "wagtailcore_authenticate_with_password": "no private pages",
    "wagtailcore_login": "redirects to the one door",
    "account_reset_password_from_key": "needs a mailed key; the bad key has a row",
    "account_set_password": "redirects those who have a password",
    "account_confirm_login_code": "needs a mailed code",
    "account_reauthenticate": "redirects those who just signed in",
    "mfa_authenticate": "needs a second factor: tests/process/test_browser_desk.py",
    "mfa_reauthenticate": "needs a second factor",
    "mfa_deactivate_totp": "needs a second factor",
    "mfa_view_recovery_codes": "needs a second factor",
    "mfa_generate_recovery_codes": "needs a second factor",
    "mfa_download_recovery_codes": "a file",
    "mfa_list_webauthn": "needs a second factor",
    "mfa_reauthenticate_webauthn": "needs a second factor",
    "mfa_remove_webauthn": "needs a second factor",
    "mfa_edit_webauthn": "needs a second factor",
}


def public_names(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Yield the name of every public address of the URLconf."""
    for one in (resolver or get_resolver()).url_patterns:
        if str(one.pattern).startswith(("admin/", "^admin/")):
            continue
        if hasattr(one, "url_patterns"):
            space = f"{one.namespace}:" if one.namespace else ""
            yield from public_names(one, prefix + space)
        elif one.name:
            yield prefix + one.name


@dataclass
class Row:
    """One page to look at: its address, its URL name, and how to bring it about."""

    name: str
    path: str
    url_name: str = ""
    status: int = 200
    signed_in: bool = False
    before: Callable[[Any], None] | None = None


@dataclass
class World:
    """Rounds in every state, made once for a test."""

    open: Any
    empty: Any
    announced: Any
    awaited: Any
    withdrawn: Any
    reported: Any
    receipt: str
    comment: str
    hidden: str
    earlier: str  # a comment on a version that has changed since


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: make.NOW)
    home = make.home()
    for slug, page in STANDING_PAGES.items():
        if not StandardPage.objects.filter(slug=slug).exists():
            home.add_child(instance=StandardPage(slug=slug, **page))
    agency = make.make_agency("กรมทดสอบการเข้าถึง")
    open_ = make.make_round(agency, sections=25, questions=2, slug="open-law")
    section = open_.version.provisions.filter(kind="section").first()
    make.make_comments(open_, [f"ความเห็นที่ {n} ไม่เห็นด้วยเพราะเป็นภาระ" for n in range(25)])
    submission = submission_receive(
        round_id=open_.pk,
        said=[
            Said(
                Subject(provision_id=section.pk),
                "agree_with_changes",
                "ขอให้ขยายเวลา โทร 081-234-5678",
                section.text.replace("สามสิบวัน", "หกสิบวัน"),
            )
        ],
        about=About(name="สมชาย ใจดี", publication="full"),
        now=make.NOW,
    )
    hidden = Comment.objects.filter(round=open_).first()
    Comment.objects.filter(pk=hidden.pk).update(
        status=Status.HIDDEN, hidden_ground="abusive", public_text=""
    )
    day = dt.timedelta(days=1)
    revised, _second = make_revised()
    make_act(source_note="กฎหมายสมมติเพื่อการทดสอบ")
    make_bill_round(make_bill(), slug="bill-law")
    make_bill_round(make_bill(texts.TWO_LAWS), slug="two-laws")
    reported, draft = builders.ready(30, slug="reported-law")
    report_publish(
        report=draft,
        by=make.make_member(reported.consultation.agency, "approver"),
        now=make.NOW,
    )
    made = World(
        open=open_,
        empty=make.make_round(agency, slug="empty-law", questions=0),
        announced=make.make_round(
            agency,
            slug="announced-law",
            stage=StageChoices.ANNOUNCED,
            opens_on=make.TODAY + 3 * day,
            closes_on=make.TODAY + 20 * day,
        ),
        awaited=make.make_round(
            agency,
            slug="awaited-law",
            stage=StageChoices.CLOSED,
            opens_on=make.TODAY - 40 * day,
            closes_on=make.TODAY - 20 * day,
        ),
        withdrawn=make.make_round(
            agency,
            slug="withdrawn-law",
            stage=StageChoices.WITHDRAWN,
            withdrawn_reason="ถอนเพื่อแก้หลักการ",
        ),
        reported=reported,
        receipt=submission.receipt,
        comment=submission.comments.get().public_id,
        hidden=hidden.public_id,
        earlier=revised.comments.first().public_id,
    )
    round_advance_all(now=make.NOW)
    index_rebuild()
    cache.clear()
    return made


# --- how some states are brought about ------------------------------------------------


def _press(page: Any, selector: str) -> None:
    turn(page, page.locator(selector).first.click)


def save_nothing(page: Any) -> None:
    """A form without a stance: the error, with what was typed."""
    page.fill("form.comment-form textarea[name=text]", "พิมพ์แล้วแต่ลืมเลือก")
    page.locator("form.comment-form button").click()
    page.locator(".alert-error").wait_for()


def save_one(page: Any) -> None:
    page.check("form.comment-form input[name=stance][value=disagree]")
    page.fill("form.comment-form textarea[name=text]", "ไม่เห็นด้วย")
    page.locator("form.comment-form button").click()
    page.locator(".bottom-bar").wait_for()


def review(page: Any) -> None:
    save_one(page)
    page.locator(".bottom-bar a").click()
    page.wait_for_url("**/respond/")


def review_wrong(page: Any) -> None:
    review(page)
    page.fill("input[name=email]", "ไม่ใช่อีเมล")
    page.locator("textarea[name^=q]").first.fill("ตอบโดยไม่เลือก")
    _press(page, "button[value=send]")
    page.locator("#errors").wait_for()


def edit(page: Any) -> None:
    review(page)
    _press(page, "button[value^=edit-]")


def delete(page: Any) -> None:
    review(page)
    _press(page, "button[value^=delete-]")


def find_nothing(page: Any) -> None:
    page.fill("main input[name=number]", "RF-0000-0000-0000")
    _press(page, "main form button")


def withdraw(page: Any) -> None:
    _press(page, "main form .button-danger")


def open_tools(page: Any) -> None:
    """Downloads and defined terms, opened."""
    page.eval_on_selector_all(".tools details", "all => all.map(d => d.open = true)")


def open_since(page: Any) -> None:
    """What changed since the version before, opened."""
    page.locator("#since summary").first.click()


def submit_empty(page: Any) -> None:
    page.eval_on_selector("main form", "form => form.noValidate = true")
    _press(page, "main form button[type=submit]")


def rows(world: World) -> list[Row]:
    """Every public page in every state that it shows on purpose."""
    c = "consultations:"
    base, agency = "/consultations/", world.open.consultation.agency
    open_, done = f"{base}open-law/", f"{base}reported-law/"
    twice = f"{base}revised-law/"
    bill, two_laws = f"{base}bill-law/", f"{base}two-laws/"
    first = open_ + "draft/sec_1/"
    return [
        Row("home", "/", "wagtail_serve"),
        Row("privacy", "/privacy/", "wagtail_serve"),
        Row("accessibility", "/accessibility/", "wagtail_serve"),
        Row("list", "/consultations/", c + "list"),
        Row("list-filtered", "/consultations/?stage=reported", c + "list"),
        Row("agencies", "/agencies/", c + "agencies"),
        Row("agency", f"/agencies/{agency.slug}/", c + "agency"),
        Row("overview-open", open_, c + "overview"),
        Row("overview-empty", "/consultations/empty-law/", c + "overview"),
        Row("overview-announced", "/consultations/announced-law/", c + "overview"),
        Row("overview-awaited", "/consultations/awaited-law/", c + "overview"),
        Row("overview-withdrawn", "/consultations/withdrawn-law/", c + "overview"),
        Row("overview-reported", done, c + "overview"),
        Row("questions", open_ + "questions/", c + "questions"),
        Row("question", open_ + "questions/1/", c + "question"),
        Row("changes", open_ + "changes/", c + "changes"),
        Row("changes-two", twice + "changes/"),
        Row("changes-same", twice + "changes/?kind=same"),
        Row("history", twice + "draft/sec_1/history/", c + "history"),
        Row("history-first", twice + "draft/v1/sec_3/history/", c + "history_version"),
        Row("earlier", twice + "draft/sec_1/earlier/", c + "earlier"),
        Row("earlier-none", twice + "draft/v1/sec_1/earlier/", c + "earlier_version"),
        Row("draft-revised", twice + "draft/"),
        Row("provision-revised", twice + "draft/sec_1/", before=open_since),
        Row("whole-draft-1", twice + "comments/round-1/", c + "whole_draft_round"),
        Row("questions-1", twice + "questions/round-1/", c + "questions_round"),
        Row("question-1", twice + "questions/round-1/1/", c + "question_round"),
        Row("provision-outdated", twice + "draft/v1/sec_1/"),
        Row("comment-earlier", f"/comments/{world.earlier}/"),
        Row("overview-revised", twice),
        Row("overview-bill", bill),
        Row("draft-bill", bill + "draft/"),
        Row("provision-amending", bill + "draft/sec_6/"),
        Row("provision-clause", bill + "draft/sec_3__mod_1/"),
        Row("comparison", bill + "comparison/", c + "comparison"),
        Row("comparison-1", bill + "comparison/v1/", c + "comparison_version"),
        Row("comparison-two", two_laws + "comparison/"),
        Row("comparison-none", open_ + "comparison/"),
        Row("consolidated", bill + "consolidated/", c + "consolidated"),
        Row("consolidated-1", bill + "consolidated/v1/", c + "consolidated_version"),
        Row("consolidated-two", two_laws + "consolidated/"),
        Row("consolidated-none", open_ + "consolidated/"),
        Row("whole-draft", open_ + "comments/", c + "whole_draft"),
        Row("draft", open_ + "draft/", c + "draft"),
        Row("draft-empty", "/consultations/empty-law/draft/", c + "draft"),
        Row("draft-version", open_ + "draft/v1/", c + "draft_version"),
        Row("draft-found", open_ + "draft/?q=นายทะเบียน", c + "draft"),
        Row("draft-found-none", open_ + "draft/?q=เรือดำน้ำ", c + "draft"),
        Row("draft-no-number", open_ + "draft/?q=99", c + "draft"),
        Row("draft-tools", open_ + "draft/", c + "draft", before=open_tools),
        Row(
            "draft-file-waiting",
            open_ + "draft/v1.pdf",
            c + "draft_version_file",
            status=202,
        ),
        Row("provision", first, c + "provision"),
        Row("provision-page-2", first + "?page=2", c + "provision"),
        Row("provision-version", open_ + "draft/v1/sec_1/", c + "provision_version"),
        Row("provision-announced", "/consultations/announced-law/draft/sec_1/"),
        Row("provision-closed", "/consultations/awaited-law/draft/sec_1/"),
        Row("provision-reported", done + "draft/sec_1/"),
        Row("form-error", first, status=422, before=save_nothing),
        Row("form-saved", first, before=save_one),
        Row("comment", f"/comments/{world.comment}/", c + "comment"),
        Row("comment-hidden", f"/comments/{world.hidden}/", c + "comment"),
        Row("respond-empty", open_ + "respond/", c + "respond"),
        Row("respond", first, c + "respond", before=review),
        Row("respond-errors", first, c + "respond", before=review_wrong),
        Row("respond-edit", first, c + "respond", before=edit),
        Row("respond-delete", first, c + "respond", before=delete),
        Row("respond-closed", "/consultations/reported-law/respond/", c + "respond"),
        Row("respond-late", "/consultations/awaited-law/respond/", c + "respond"),
        Row("receipt-find", "/receipts/", c + "receipt_find"),
        Row("receipt-unknown", "/receipts/", before=find_nothing),
        Row("receipt", f"/receipts/{world.receipt}/", c + "receipt"),
        Row("withdraw", f"/receipts/{world.receipt}/", before=withdraw),
        Row("results", done + "results/", c + "results"),
        Row("results-awaited", "/consultations/awaited-law/results/", c + "results"),
        Row("results-open", open_ + "results/", c + "results"),
        Row("results-withdrawn", base + "withdrawn-law/results/", c + "results"),
        Row("results-list", done + "results/list/counted/", c + "results_list"),
        Row("results-theme", done + "results/themes/1/", c + "results_theme"),
        Row("report", done + "results-1-1/", c + "report"),
        Row("report-list", done + "results-1-1/list/received/", c + "report_list"),
        Row("report-theme", done + "results-1-1/themes/1/", c + "report_theme"),
        Row("search", "/search/", "search:search"),
        Row("search-found", "/search/?q=นายทะเบียน", "search:search"),
        Row("search-none", "/search/?q=ไม่มีคำนี้แน่นอน", "search:search"),
        Row("login", "/accounts/login/", "account_login"),
        Row("login-error", "/accounts/login/", before=submit_empty),
        Row("signup", "/accounts/signup/", "account_signup"),
        Row("signup-error", "/accounts/signup/", before=submit_empty),
        Row("inactive", "/accounts/inactive/", "account_inactive"),
        Row(
            "verification-sent",
            "/accounts/confirm-email/",
            "account_email_verification_sent",
        ),
        Row("confirm-bad", "/accounts/confirm-email/x/", "account_confirm_email"),
        Row("reset", "/accounts/password/reset/", "account_reset_password"),
        Row(
            "reset-done",
            "/accounts/password/reset/done/",
            "account_reset_password_done",
        ),
        Row("reset-bad-key", "/accounts/password/reset/key/1-x/"),
        Row(
            "reset-key-done",
            "/accounts/password/reset/key/done/",
            "account_reset_password_from_key_done",
        ),
        Row("not-found", "/consultations/no-such-law/", status=404),
        Row("email", "/accounts/email/", "account_email", signed_in=True),
        Row(
            "password",
            "/accounts/password/change/",
            "account_change_password",
            signed_in=True,
        ),
        Row("second-factor", "/accounts/2fa/", "mfa_index", signed_in=True),
        Row(
            "second-factor-app",
            "/accounts/2fa/totp/activate/",
            "mfa_activate_totp",
            signed_in=True,
        ),
        Row(
            "second-factor-key",
            "/accounts/2fa/webauthn/add/",
            "mfa_add_webauthn",
            signed_in=True,
        ),
        Row("logout", "/accounts/logout/", "account_logout", signed_in=True),
    ]


def test_every_public_address_has_a_row(world: World) -> None:
    known = {row.url_name for row in rows(world)} | set(NO_PAGE)
    missing = sorted(set(public_names()) - known)
    assert missing == [], f"no row in rows() for: {missing}"


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(
    language: str,
    part: int,
    world: World,
    open_tab: Callable[..., Any],
    album: Album,
    watch: Watch,
) -> None:
    """Look at every page; at 320 px nothing scrolls sideways."""
    from django.test import Client

    faults: list[str] = []
    prefix = "" if language == "th" else "/en"
    member = make.make_user("reader@example.org")
    client = Client()
    client.force_login(member)
    session = client.cookies["sessionid"].value
    for row in rows(world)[part::PARTS]:
        cache.clear()
        page = open_tab()
        if row.signed_in:
            page.context.add_cookies(
                [{"name": "sessionid", "value": session, "url": watch.host}]
            )
        answer = page.goto(prefix + row.path, wait_until="load")
        if row.before is None and answer.status != row.status:
            faults.append(f"{row.name}: status {answer.status}, not {row.status}")
        elif row.before:
            row.before(page)
        lang = page.get_attribute("html", "lang")
        if lang != language:
            faults.append(f"{row.name}: html lang is {lang}")
        faults += look(page, row.name, album)
        page.context.close()
        album.write("faults.txt", "\n".join(faults))
    faults += sorted(set(watch.complaints))
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_pages(
    language: str,
    world: World,
    open_tab: Callable[..., Any],
    album: Album,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    watch: Watch,
) -> None:
    """400, 403, 409, 429 and 500, brought about for real, before axe."""
    prefix = "" if language == "th" else "/en"
    first = f"{prefix}/consultations/open-law/draft/sec_1/"
    faults: list[str] = []

    def check(page: Any, name: str, status: int, answer: Any) -> None:
        if answer.status != status:
            faults.append(f"{name}: status {answer.status}, not {status}")
        faults.extend(look(page, name, album))

    def send(page: Any, change: str = "") -> Any:
        page.goto(first)
        page.check("form.comment-form input[name=stance][value=disagree]")
        page.fill("form.comment-form textarea[name=text]", "ข้อความที่ต้องไม่หาย")
        if change:
            page.evaluate(change)
        with page.expect_navigation() as gone:
            page.locator("form.comment-form button").click()
        return gone.value

    # Without htmx, as on a line where the scripts have not come.
    plain = open_tab()
    plain.route("**/htmx-2.min.js", lambda route: route.abort())
    usual = settings.LIMITS
    settings.LIMITS = usual | {"save_address": "0/h"}
    answer = send(plain)
    check(plain, "429", 429, answer)
    assert "ข้อความที่ต้องไม่หาย" in plain.inner_text("main")
    settings.LIMITS = usual
    cache.clear()
    forget = "document.querySelector('form.comment-form [name=csrfmiddlewaretoken]')"
    answer = send(plain, f"{forget}.value = 'x'")
    check(plain, "403-form-expired", 403, answer)
    plain.goto(first)
    plain.check("form.comment-form input[name=stance][value=disagree]")
    plain.fill("form.comment-form textarea[name=text]", "ส่งหลังประกาศผล")
    world.open.stage = StageChoices.WITHDRAWN
    world.open.save(update_fields=["stage"])
    with plain.expect_navigation() as gone:
        plain.locator("form.comment-form button").click()
    check(plain, "409-refused", 409, gone.value)

    def break_down(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("consultations.reading.selectors.lists.read_list", break_down)
    check(plain, "500", 500, plain.goto(f"{prefix}/consultations/"))
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    plain.goto(f"{prefix}/receipts/")
    with plain.expect_navigation() as gone:
        plain.locator("main form button").click()
    check(plain, "400", 400, gone.value)
    assert not faults, "\n".join(faults)
    mine = [c for c in watch.complaints if "htmx" not in c and "ERR_FAILED" not in c]
    assert mine == []


def test_by_keyboard_alone(
    world: World, open_tab: Callable[..., Any], album: Album, watch: Watch
) -> None:
    """Tab to the form, choose with arrows, type Thai, send: no mouse at all."""
    page = open_tab(viewport={"width": 360, "height": 740})
    page.goto("/consultations/open-law/draft/sec_2/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to(page, "input[name=stance]")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
        if page.evaluate("document.activeElement.value") == "disagree":
            break
    page.keyboard.press("Space")
    assert page.is_checked("input[name=stance][value=disagree]")
    tab_to(page, "form.comment-form textarea[name=text]")
    ring = "getComputedStyle(document.activeElement).outlineWidth"
    assert float(page.evaluate(ring).removesuffix("px")) >= 2
    page.keyboard.insert_text("พิมพ์ด้วยแป้นพิมพ์อย่างเดียว")
    album.keep(page, "typed")
    tab_to(page, "form.comment-form button")
    page.keyboard.press("Enter")
    page.locator(".bottom-bar").wait_for()
    tab_to(page, ".bottom-bar a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/respond/")
    tab_to(page, "button[value=send]")
    album.keep(page, "before-sending")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipts/RF-*/")
    number = re.search(r"RF-[\w-]+", page.url)[0]
    comment = Comment.objects.get(submission__receipt=number)
    assert (comment.stance, comment.public_text) == (
        "disagree",
        "พิมพ์ด้วยแป้นพิมพ์อย่างเดียว",
    )
    assert watch.complaints == []


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until the element has the focus; fail when it never does."""
    for _ in range(120):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {selector}")

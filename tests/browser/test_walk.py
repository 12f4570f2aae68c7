"""From a draft to a report in one walk: with JavaScript and without.

The steps are those of the README, "Walk it yourself"; change both together.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from comments.intake import About, submission_receive
from comments.models import Comment, Submission, Theme, ThemeRun
from comments.preparing import Said, Subject
from comments.themes import runs
from consultations.models import Consultation, ResponseReport, Role, Round
from consultations.report.publication import publication_execute
from consultations.services import round_advance_all
from drafts import clock
from drafts.models import DraftPage
from tests.browser.acts import DRAFT, VOICES
from tests.browser.conftest import Album, Watch
from tests.browser.looking import turn
from tests.factories import make_agency, make_member

PASSWORD = "correct horse"
ONE_SECTION = (
    "สมาชิกมีสิทธิยืมหนังสือคราวละไม่เกินห้าเล่มเป็นเวลาสิบสี่วัน\n"
    "สมาชิกซึ่งคืนหนังสือเกินกำหนดต้องชำระค่าปรับวันละห้าบาทต่อเล่ม"
)
MY_COMMENT = "ค่าปรับควรยกเว้นให้เด็ก  ไม่อย่างนั้นเด็กจะไม่กล้ายืมหนังสือ 😟"
MY_WORDING = ONE_SECTION.replace("วันละห้าบาท", "วันละหนึ่งบาท")
DATE = "%Y-%m-%d"


class Desk:
    """One official at their desk: the buttons of the README, by their labels."""

    def __init__(self, page: Any, album: Album) -> None:
        self.page = page
        self.album = album

    def sign_in(self, email: str) -> None:
        self.page.goto("/admin/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main form button[type=submit]")
        self.page.wait_for_url("**/admin/")

    def press(self, label: str) -> None:
        """Press the button with this label, and wait for the page it leads to."""
        button = self.page.locator("#main button, main button").filter(
            has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")
        )
        turn(self.page, button.first.click)

    def follow(self, label: str, within: str = "main") -> None:
        with self.page.expect_navigation():
            self.page.locator(f"{within} a").filter(has_text=label).first.click()

    def keep(self, name: str) -> None:
        self.album.keep(self.page, name)

    def sees(self, text: str) -> None:
        assert text in self.page.inner_text("body"), self.page.inner_text("main")


def later(days: int) -> None:
    """Move the clock as ``manage.py demo_clock`` does, and let the stages follow."""
    clock.move(dt.timedelta(days=days))
    round_advance_all(now=clock.now())
    cache.clear()


# --- the officials prepare ------------------------------------------------------------


def import_and_freeze(desk: Desk, text: str = DRAFT) -> DraftPage:
    page = desk.page
    page.goto(reverse("drafts_index"))
    desk.keep("drafts")
    page.goto(reverse("drafts_import"))
    page.fill("textarea[name=text]", text)
    desk.press("ดูโครงสร้างที่พบ")
    desk.keep("outline-found")
    assert "มาตรา ๕" in page.inner_text(".drafts-outline")
    desk.press("บันทึกเป็นร่าง")
    desk.keep("outline")
    return DraftPage.objects.get()


def correct_one_section(desk: Desk) -> None:
    desk.follow("มาตรา ๕", ".drafts-rows")
    desk.page.fill("textarea[name=text]", ONE_SECTION)
    desk.page.fill("textarea[name=plain_note]", "คืนช้าเสียวันละห้าบาทต่อเล่ม")
    desk.keep("section")
    desk.press("บันทึก")


def freeze(desk: Desk, draft: DraftPage) -> None:
    desk.page.goto(reverse("drafts_freeze", args=[draft.pk]))
    desk.page.fill("textarea[name=reason]", "เปิดรับฟังครั้งที่ 1")
    desk.page.check("input[name=confirm]")
    desk.keep("freeze")
    desk.press("ตรึงฉบับนี้")
    assert draft.versions.filter(sealed=True).count() == 1


def make_consultation(desk: Desk, draft: DraftPage, slug: str) -> Round:
    page = desk.page
    page.goto(reverse("desk_rounds"))
    desk.keep("rounds")
    desk.follow("สร้างการรับฟังของ")
    page.fill("textarea[name=title]", "ร่างพระราชบัญญัติห้องสมุดประชาชน พ.ศ. ....")
    page.fill("textarea[name=title_en]", "Public Libraries Bill")
    page.fill("input[name=slug]", slug)
    page.select_option("select[name=draft]", str(draft.pk))
    page.fill("textarea[name=headline]", "ห้องสมุดของท้องถิ่นเปิดกี่วัน ยืมได้กี่เล่ม")
    page.fill("textarea[name=headline_en]", "When libraries open and what they lend")
    page.fill("textarea[name=summary]", "เปิดสัปดาห์ละห้าวัน\nคืนช้าเสียค่าปรับ")
    page.fill("textarea[name=affected]", "ผู้อ่าน นักเรียน และท้องถิ่นเล็ก")
    page.fill("textarea[name=affected_groups]", "นักเรียน\nคนพิการ\nท้องถิ่น")
    page.fill("textarea[name=changes_from_today]", "วันนี้ไม่มีกฎหมายกำหนด")
    page.fill("textarea[name=contact]", "กองกฎหมาย โทร. 0 2000 0000")
    desk.press("บันทึก")
    for box in page.locator("textarea[name^=item_]").all():
        box.fill("ร่างนี้ให้คนทุกกลุ่มได้อ่านหนังสือใกล้บ้าน")
    for chooser in page.locator("select[name^=item_]").all():
        chooser.select_option(index=1)
    desk.keep("required-information")
    desk.press("บันทึก")
    return Consultation.objects.get(slug=slug).rounds.get()


def prepare_round(desk: Desk, round: Round) -> None:
    page = desk.page
    page.goto(reverse("desk_round", args=[round.pk]))
    desk.keep("round-what-is-missing")
    desk.follow("เลือกฉบับและวัน")
    page.select_option("select[name=version]", index=1)
    page.fill("input[name=opens_on]", f"{clock.today():{DATE}}")
    page.fill("input[name=closes_on]", f"{clock.today() + dt.timedelta(15):{DATE}}")
    desk.press("บันทึก")
    desk.follow("เพิ่มคำถาม")
    page.fill("textarea[name=text]", "ท่านเห็นด้วยให้เก็บค่าปรับหรือไม่")
    page.fill("textarea[name=text_en]", "Do you agree that fines be charged?")
    page.select_option("select[name=provisions]", label=["มาตรา ๕"])
    desk.press("บันทึก")
    desk.follow("เพิ่มวิธีรับฟัง")
    page.select_option("select[name=code]", "online")
    desk.press("บันทึก")
    desk.follow("เพิ่มเอกสาร")
    page.fill("input[name=title]", "รายงานวิเคราะห์ผลกระทบ")
    page.select_option("select[name=kind]", "ria")
    text = "ผลกระทบต่อท้องถิ่นเล็กและนักเรียน".encode()
    file = {"name": "impact.txt", "mimeType": "text/plain", "buffer": text}
    page.set_input_files("input[name=file]", files=[file])
    desk.press("บันทึก")
    desk.follow("เพิ่มข้อความประกาศ")
    page.fill("textarea[name=text]", "ขอเชิญแสดงความคิดเห็นต่อร่างกฎหมายห้องสมุด")
    desk.press("บันทึก")
    desk.keep("round-ready")


def announce(editor: Desk, approver: Desk, round: Round) -> None:
    """One asks, another confirms."""
    editor.page.goto(reverse("desk_round", args=[round.pk]))
    editor.follow("ขอประกาศรับฟัง")
    editor.page.check("input[name=confirm]")
    editor.keep("announce-ask")
    editor.press("ขอประกาศรับฟัง")
    editor.sees("รอยืนยัน")
    editor.keep("announce-asked")
    round.refresh_from_db()
    assert round.stage == "draft"
    approver.page.goto(reverse("desk_round", args=[round.pk]))
    approver.follow("ตรวจและยืนยัน")
    approver.page.check("input[name=seen]")
    approver.keep("announce-confirm")
    approver.press("ยืนยัน: ประกาศรับฟัง")
    round.refresh_from_db()
    assert round.stage in {"announced", "open"}, approver.page.inner_text("main")


# --- a citizen speaks -----------------------------------------------------------------


def speak(page: Any, round: Round, keep: Callable[..., None]) -> str:
    slug = round.consultation.slug
    page.goto("/")
    keep(page, "home")
    page.locator("main a", has_text="ห้องสมุดประชาชน").first.click()
    page.wait_for_url(f"**/consultations/{slug}/")
    keep(page, "overview")
    page.locator("main a", has_text="อ่านร่าง").first.click()
    page.wait_for_url("**/draft/**")
    keep(page, "draft")
    comment_by_address(page, round, "มาตรา ๕", "agree_with_changes", keep)
    section = round.version.provisions.get(label="มาตรา ๔")
    page.goto(f"/consultations/{slug}/draft/{section.eid}/")
    form = page.locator("form.comment-form")
    form.locator("input[name=stance][value=disagree]").check()
    form.locator("textarea[name=text]").fill("ขอให้เปิดวันเสาร์และวันอาทิตย์")
    form.locator("button").click()
    page.locator(".bottom-bar").wait_for()
    page.locator(".bottom-bar a").click()
    page.wait_for_url("**/respond/")
    question = round.questions.get()
    page.check(f"input[name=q{question.pk}-stance][value=disagree]")
    page.fill(f"textarea[name=q{question.pk}-text]", "เด็กไม่มีเงินจ่าย")
    assert MY_COMMENT.split("  ", maxsplit=1)[0] in page.inner_text("main")
    keep(page, "review")
    page.locator("button[value=send]").click()
    page.wait_for_url("**/receipts/RF-*/")
    keep(page, "receipt")
    number = page.inner_text("strong.code")
    submission = Submission.objects.get(receipt=number)
    assert submission.comments.count() == 3
    typed = submission.comments.get(provision__label="มาตรา ๕").texts.get(kind="typed")
    assert (typed.text, typed.suggestion) == (MY_COMMENT, MY_WORDING)
    return number


def comment_by_address(
    page: Any, round: Round, label: str, stance: str, keep: Callable[..., None]
) -> None:
    section = round.version.provisions.get(label=label)
    page.goto(f"/consultations/{round.consultation.slug}/draft/{section.eid}/")
    keep(page, "section")
    form = page.locator("form.comment-form")
    form.locator(f"input[name=stance][value={stance}]").check()
    form.locator("textarea[name=text]").fill(MY_COMMENT)
    details = form.locator("details").first
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    form.locator("textarea[name=suggestion]").fill(MY_WORDING)
    keep(page, "form-filled")
    form.locator("button").click()
    page.locator(".bottom-bar").wait_for()
    keep(page, "saved-not-sent")


def speak_late(page: Any, keep: Callable[..., None]) -> None:
    """Send the form that was opened before the closing; it was waiting in the tab."""
    page.locator("form.comment-form input[name=stance][value=agree]").check()
    page.locator("form.comment-form textarea[name=text]").fill("ส่งช้าแต่อยากบอก")
    page.locator("form.comment-form button").click()
    page.locator(".bottom-bar a").click()
    page.wait_for_url("**/respond/")
    keep(page, "late-review")
    page.locator("button[value=send]").click()
    page.wait_for_url("**/receipts/RF-*/")
    assert "ส่งหลังปิดรับ" in page.inner_text("main")
    keep(page, "late-receipt")


def others_speak(round: Round) -> None:
    for label, stance, text in VOICES:
        provision = round.version.provisions.get(label=f"มาตรา {label}")
        said = Said(Subject(provision_id=provision.pk), stance, text)
        submission_receive(
            round_id=round.pk, said=[said], about=About(), now=clock.now()
        )


# --- the officials answer -------------------------------------------------------------


def leave(desk: Desk) -> None:
    """Go to the list: a page that waits for the worker draws itself anew when it is
    done, and would break off the next step."""
    desk.page.goto(reverse("desk_rounds"))


def run_themes(desk: Desk, round: Round) -> None:
    desk.page.goto(reverse("desk_themes", args=[round.pk]))
    desk.press("เริ่มวิเคราะห์")
    desk.keep("themes-waiting")
    leave(desk)
    # The worker's part, done here: no worker runs beside this server.
    runs.run_execute(ThemeRun.objects.get(round=round).pk)
    assert ThemeRun.objects.get(round=round).status == ThemeRun.Status.COMPLETE
    desk.page.goto(reverse("desk_themes", args=[round.pk]))
    desk.keep("themes")
    desk.sees("ครบ")


def review_themes(desk: Desk, round: Round) -> None:
    """Name every theme, move one comment, approve all; nobody is left unread."""
    page = desk.page
    themes = list(Theme.objects.filter(round=round, status="proposed"))
    if not themes:  # so few comments: every one may stand for itself
        page.goto(reverse("desk_bucket", args=[round.pk, "few"]))
        desk.press("ตั้งเป็นประเด็น")
        themes = list(Theme.objects.filter(round=round, status="proposed"))
    first = themes[0]
    page.goto(reverse("desk_theme", args=[round.pk, first.number]))
    desk.keep("theme")
    page.fill("textarea[name=title]", "ขอให้แก้วันเปิดและค่าปรับ")
    page.fill("input[name=title_en]", "Opening days and fines")
    desk.press("บันทึก")
    desk.sees("ขอให้แก้วันเปิดและค่าปรับ")
    move_one(desk, round, first)
    for theme in Theme.objects.filter(round=round, status="proposed"):
        page.goto(reverse("desk_theme", args=[round.pk, theme.number]))
        if theme.title_source == "machine" and theme.pk != first.pk:
            page.fill("textarea[name=title]", f"ข้อเสนอเรื่อง {theme.title}")
            desk.press("บันทึก")
        desk.press("รับรองประเด็น")
    page.goto(reverse("desk_themes", args=[round.pk]))
    desk.keep("themes-approved")


def move_one(desk: Desk, round: Round, theme: Theme) -> None:
    page = desk.page
    place = theme.assignments.exclude(comment__submission__receipt="").last()
    page.goto(reverse("desk_theme", args=[round.pk, theme.number]))
    if theme.assignments.count() < 2:
        return
    page.check(f"input[name=comments][value='{place.comment_id}']")
    page.select_option("select[name=target]", "other")
    desk.press("ย้าย")
    place.refresh_from_db()
    assert (place.bucket, place.source) == ("other", "person")


def answer_all(desk: Desk, round: Round) -> None:
    page = desk.page
    page.goto(reverse("desk_answers", args=[round.pk]))
    desk.keep("answers")
    themes = Theme.objects.filter(round=round, status="approved").order_by("number")
    for n, theme in enumerate(themes):
        page.goto(reverse("desk_answer", args=[round.pk, theme.number]))
        page.fill("textarea[name=reply]", "กรมรับข้อเสนอไว้และแก้ร่างตามที่เสนอ")
        page.check(f"input[name=decision][value={'accept' if n == 0 else 'reject'}]")
        page.fill("textarea[name=reason]", "เด็กและคนทำงานต้องใช้ห้องสมุดได้")
        if n == 0:
            section = round.version.provisions.get(label="มาตรา ๕")
            page.select_option("select[name=provision]", str(section.pk))
            page.fill("textarea[name=before_text]", "วันละห้าบาทต่อเล่ม")
            page.fill("textarea[name=after_text]", "วันละหนึ่งบาทต่อเล่ม")
        desk.press("บันทึก")
        if n == 0:
            desk.keep("answer")
    assert themes.count() == themes.filter(response__isnull=False).count()


def sign_all(desk: Desk, round: Round) -> None:
    for theme in Theme.objects.filter(round=round, status="approved"):
        desk.page.goto(reverse("desk_answer", args=[round.pk, theme.number]))
        desk.press("ลงนามรับรองคำชี้แจง")
    desk.page.goto(reverse("desk_answers", args=[round.pk]))
    desk.keep("answers-signed")


def write_report(desk: Desk, round: Round) -> None:
    page = desk.page
    page.goto(reverse("desk_round", args=[round.pk]))
    desk.follow("เพิ่มขั้นตอนต่อไป")
    page.fill("textarea[name=title], input[name=title]", "เสนอคณะรัฐมนตรี")
    page.fill("input[name=due_on]", f"{clock.today() + dt.timedelta(60):{DATE}}")
    desk.press("บันทึก")
    page.goto(reverse("desk_report", args=[round.pk]))
    page.fill("textarea[name=summary]", "ประชาชนขอให้เปิดวันหยุดและลดค่าปรับ กรมรับแก้")
    page.fill("textarea[name=summary_en]", "People asked for lower fines; accepted.")
    page.fill("textarea[name=next_steps]", "เสนอคณะรัฐมนตรี")
    page.fill("textarea[name=limitations]", "ผู้แสดงความคิดเห็นส่วนใหญ่อยู่ในเมือง")
    page.fill("textarea[name=harms]", "ไม่พบ")
    desk.press("บันทึก")
    desk.keep("report-checklist")


def publish(signer: Desk, desk: Desk, round: Round) -> None:
    """Who signed the answers can only ask; who signed none publishes."""
    signer.page.goto(reverse("desk_report", args=[round.pk]))
    signer.sees("ขอประกาศผล")
    signer.keep("report-signer")
    desk.page.goto(reverse("desk_report", args=[round.pk]))
    desk.keep("report-approver")
    desk.page.check("input[name=confirm]")
    desk.press("ประกาศผล")
    desk.keep("report-publishing")
    leave(desk)
    # The worker's part, done here as above.
    publication_execute(ResponseReport.objects.get(round=round).pk)
    desk.page.goto(reverse("desk_report", args=[round.pk]))
    desk.keep("report-published")
    report = ResponseReport.objects.get(round=round)
    assert (report.status, report.signer_name) == ("published", "รองอธิบดี")


# --- the public reads what became of it -----------------------------------------------


def read_results(page: Any, round: Round, number: str, keep: Any) -> None:
    slug = round.consultation.slug
    page.goto(f"/consultations/{slug}/results/")
    keep(page, "results")
    for fmt, first in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = page.request.get(f"/consultations/{slug}/results.{fmt}")
        assert answer.status == 200
        assert answer.body().startswith(first)
    page.goto(f"/consultations/{slug}/results/")
    link = page.locator("a[href*='list/']").filter(has_text=re.compile("[0-9]")).first
    shown = int(re.search(r"[0-9,]+", link.inner_text())[0].replace(",", ""))
    link.click()
    page.wait_for_url("**/list/**")
    keep(page, "behind-a-number")
    total = int(page.get_attribute("#list-total", "data-total"))
    listed = set()
    while True:
        listed |= {
            a.get_attribute("href")
            for a in page.locator("main a[href*='/comments/']").all()
        }
        following = page.locator("a[rel=next]")
        if not following.count():
            break
        following.first.click()
        page.wait_for_load_state()
    assert shown == total == len(listed)
    page.goto(f"/receipts/{number}/")
    keep(page, "receipt-answered")
    told = page.inner_text("main")
    assert "ขอให้แก้วันเปิดและค่าปรับ" in told or "ข้อเสนอเรื่อง" in told
    assert "เด็กและคนทำงานต้องใช้ห้องสมุดได้" in told


@pytest.mark.parametrize("script", [True, False], ids=["with-js", "without-js"])
def test_from_import_to_report(
    script: bool, open_tab: Callable[..., Any], album: Album, watch: Watch
) -> None:
    agency = make_agency("กรมส่งเสริมการอ่าน")
    make_member(agency, Role.EDITOR, email="editor@example.org", first_name="นิติกร")
    make_member(agency, Role.APPROVER, email="approver@example.org", first_name="ผอ.")
    make_member(
        agency, Role.APPROVER, email="approver2@example.org", first_name="รองอธิบดี"
    )
    editor = Desk(open_tab(java_script_enabled=script), album)
    approver = Desk(open_tab(java_script_enabled=script), album)
    second = Desk(open_tab(java_script_enabled=script), album)
    phone = {"width": 360, "height": 740}
    citizen = open_tab(java_script_enabled=script, viewport=phone)
    slow = open_tab(java_script_enabled=script, viewport=phone)

    editor.sign_in("editor@example.org")
    draft = import_and_freeze(editor)
    correct_one_section(editor)
    freeze(editor, draft)
    round = make_consultation(editor, draft, "public-libraries")
    prepare_round(editor, round)
    approver.sign_in("approver@example.org")
    announce(editor, approver, round)

    later(1)
    number = speak(citizen, round, album.keep)
    others_speak(round)
    later(13)
    section = round.version.provisions.get(label="มาตรา ๘")
    slow.goto(f"/consultations/public-libraries/draft/{section.eid}/")
    later(2)
    speak_late(slow, album.keep)
    round.refresh_from_db()
    assert round.stage == "closed"
    received = Comment.objects.filter(round=round)
    assert received.filter(late=False).count() == 3 + len(VOICES)
    assert received.filter(late=True).count() == 1

    run_themes(editor, round)
    review_themes(editor, round)
    answer_all(editor, round)
    sign_all(approver, round)
    write_report(editor, round)
    second.sign_in("approver2@example.org")
    publish(approver, second, round)
    read_results(citizen, round, number, album.keep)
    assert watch.complaints == []


REAL = Path(__file__).parents[3] / "shared" / "data" / "laws"


def test_a_real_act_is_imported_frozen_and_read(
    open_tab: Callable[..., Any], album: Album
) -> None:
    """A real act of 132 sections, where ../shared is beside the project."""
    path = REAL / "act_770079.txt"
    if not path.exists():
        pytest.skip("real acts are kept outside the project, in ../shared")
    agency = make_agency("กรมกฎหมายจริง")
    make_member(agency, Role.EDITOR, email="editor@example.org")
    make_member(agency, Role.APPROVER, email="approver@example.org")
    editor = Desk(open_tab(), album)
    editor.sign_in("editor@example.org")
    draft = import_and_freeze(editor, path.read_text("utf-8"))
    freeze(editor, draft)
    assert draft.versions.get().provisions.filter(kind="section").count() == 132
    round = make_consultation(editor, draft, "real-act")
    prepare_round(editor, round)
    approver = Desk(open_tab(), album)
    approver.sign_in("approver@example.org")
    announce(editor, approver, round)
    citizen = open_tab(viewport={"width": 360, "height": 740})
    citizen.goto("/consultations/real-act/draft/")
    album.keep(citizen, "real-draft")
    section = round.version.provisions.get(label="มาตรา ๗")
    citizen.goto(f"/consultations/real-act/draft/{section.eid}/")
    citizen.check("form.comment-form input[name=stance][value=agree]")
    citizen.fill("form.comment-form textarea[name=text]", "เห็นด้วยกับมาตรานี้")
    citizen.locator("form.comment-form button").click()
    citizen.locator(".bottom-bar a").click()
    citizen.locator("button[value=send]").click()
    citizen.wait_for_url("**/receipts/RF-*/")
    album.keep(citizen, "real-receipt")
    assert Comment.objects.get().provision == section

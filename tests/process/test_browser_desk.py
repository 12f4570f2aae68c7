"""The desks in a real browser: import, freeze, prepare, announce; screens are kept."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from consultations import confirming, preparing
from consultations.models import AgencyMembership, Consultation, Role
from consultations.services import consultation_change
from consultations.statute import profile_of
from drafts import clock
from drafts.law.numerals import thai_date
from drafts.models import DraftPage
from tests.drafts.test_import import DRAFT
from tests.factories import make_agency, make_member

pytestmark = pytest.mark.browser
SCREENS = Path(__file__).parents[2] / "var" / "screens" / "desk"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def page(live_server: Any) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("RAPFANG_CHROMIUM", "/usr/bin/chromium"),
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
            ],
        )  # fmt: skip
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 900}
        )
        yield context.new_page()
        browser.close()


def keep(page: Any, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SCREENS / f"{name}.png"), full_page=True)


@pytest.mark.django_db(transaction=True)
def test_from_import_to_announcement(page: Any) -> None:
    agency = make_agency("กรมทางเท้า")
    user = make_member(agency, Role.EDITOR, email="editor@example.org")
    AgencyMembership.objects.create(user=user, agency=agency, role=Role.APPROVER)

    page.goto("/admin/")
    keep(page, "01-sign-in")
    page.fill("input[name=login]", "editor@example.org")
    page.fill("input[name=password]", "correct horse")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/admin/")
    keep(page, "02-admin")

    page.goto(reverse("drafts_import"))
    page.fill("textarea[name=text]", DRAFT)
    page.click("button[name=check]")
    keep(page, "03-import-outline")
    assert "มาตรา ๓/๑" in page.inner_text(".drafts-outline")
    page.click("button[name=save]")
    page.wait_for_url("**/outline/")
    keep(page, "04-outline")
    page.click("text=มาตรา ๓/๑")
    page.fill("textarea[name=plain_note]", "คนพิการใช้รถบนทางเท้าได้")
    keep(page, "05-section")
    page.click("main button:has-text('บันทึก')")
    page.wait_for_url("**/outline/**")
    draft = DraftPage.objects.get()
    page.goto(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    keep(page, "06-wagtail-editor")
    page.goto(reverse("drafts_freeze", args=[draft.pk]))
    page.fill("textarea[name=reason]", "รับฟังครั้งที่ 1")
    page.check("input[name=confirm]")
    keep(page, "07-freeze")
    page.click("main button:has-text('ตรึงฉบับนี้')")
    page.wait_for_url("**/versions/1/")
    keep(page, "08-version")

    page.goto(reverse("desk_consultation_add", args=[agency.pk]))
    page.fill("textarea[name=title]", "การรับฟังร่างพระราชบัญญัติทางเท้า")
    page.fill("input[name=slug]", "footpath")
    page.select_option("select[name=draft]", str(draft.pk))
    page.fill("textarea[name=headline]", "ให้คนเดินได้ใช้ทางเท้า")
    page.fill("textarea[name=contact]", "โทร. 0 2000 0000")
    keep(page, "09-consultation")
    page.click("main button:has-text('บันทึก')")
    page.wait_for_url("**/desk/consultations/*/")
    keep(page, "10-information")
    consultation = Consultation.objects.get()
    items = profile_of(consultation.legal_basis).items
    consultation_change(
        consultation=consultation,
        information={
            item.id: item.choices[0].id if item.choices else "ข้อความ" for item in items
        },
        affected_groups=["คนเดินเท้า"],
    )
    round = consultation.rounds.get()
    page.goto(reverse("desk_round", args=[round.pk]))
    keep(page, "11-round-blocked")
    page.goto(reverse("desk_round_dates", args=[round.pk]))
    page.select_option("select[name=version]", index=1)
    for name, days in (("opens_on", 1), ("closes_on", 31)):
        day = clock.today() + dt.timedelta(days=days)
        page.fill(f"input[name={name}]", thai_date(day, short=True))
    keep(page, "12-dates")
    page.click("main button:has-text('บันทึก')")
    page.wait_for_url("**/desk/rounds/*/")
    preparing.method_add(round=round, code="online")
    preparing.notice_save(round=round, text="ประกาศรับฟังความคิดเห็น")
    page.goto(reverse("desk_round_announce", args=[round.pk]))
    page.check("input[name=confirm]")
    keep(page, "13-announce")
    page.click("main button:has-text('ขอประกาศรับฟัง')")
    page.wait_for_url(f"**{reverse('desk_round', args=[round.pk])}")
    confirming.request_confirm(
        request=round.confirmation_requests.get(),
        by=make_member(round.consultation.agency, Role.APPROVER),
        now=clock.now(),
    )
    page.reload()
    keep(page, "14-announced")
    round.refresh_from_db()
    assert round.stage == "announced"
    page.set_viewport_size({"width": 360, "height": 800})
    keep(page, "15-announced-phone")
    page.goto(reverse("drafts_outline", args=[draft.pk]))
    keep(page, "16-outline-phone")
    page.goto(reverse("mfa_index"))
    keep(page, "17-second-factor-phone")


@pytest.mark.django_db(transaction=True)
def test_staff_enrol_a_passkey_and_sign_in_with_it(page: Any, settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    make_member(make_agency(), Role.EDITOR, email="key@example.org")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )

    def sign_in() -> None:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", "key@example.org")
        page.fill("input[name=password]", "correct horse")
        page.click("main form button[type=submit]")

    sign_in()
    page.wait_for_url("**/2fa/")
    keep(page, "18-must-enrol")
    page.goto(reverse("mfa_add_webauthn"))
    page.fill("input[name=password]", "correct horse")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/webauthn/add/")
    page.fill("input[name=name]", "กุญแจของฉัน")
    keep(page, "19-add-passkey")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/admin/")
    assert page.url.endswith("/admin/")
    page.context.clear_cookies()
    sign_in()
    page.wait_for_url("**/2fa/authenticate/")
    keep(page, "20-second-factor")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/admin/")

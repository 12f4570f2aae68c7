"""The report desk: what stands against publication, nothing lost, who may do what."""

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from comments.models import Comment
from comments.moderation import comment_hide, comment_mark_duplicate
from consultations.models import Posting, ResponseReport, Role
from consultations.report import membership, publication, services
from drafts import clock
from tests import factories
from tests.desks import send
from tests.report import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)


@pytest.fixture
def desk():
    round_, report = builders.ready(5)
    return round_, report, reverse("desk_report", args=[round_.pk])


def sign_in(client, round_, role):
    from django.contrib.auth.models import Permission

    user = factories.make_member(round_.consultation.agency, role)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return user


def test_the_desk_lists_what_stands_against_publication(client, desk):
    round_, report, url = desk
    ResponseReport.objects.filter(pk=report.pk).update(summary="", signer_name="")
    sign_in(client, round_, Role.APPROVER)
    body = client.get(url).content.decode()
    assert "มีบทสรุปสำหรับประชาชน" in body
    assert "มีผู้รับรองรายงานพร้อมตำแหน่ง" in body
    assert 'name="confirm"' not in body
    assert "ประกาศได้เมื่อแก้ข้อที่ต้องแก้ครบ" in body


def test_what_was_written_is_kept_even_when_it_is_too_long(client, desk):
    round_, report, url = desk
    sign_in(client, round_, Role.EDITOR)
    data = {"summary": "ข้อความใหม่\n  เว้นวรรค", "signer_name": "ก" * 201}
    response = send(client, url, data)
    assert response.status_code == 422
    assert "ข้อความใหม่" in response.content.decode()
    assert "ก" * 201 in response.content.decode()
    data["signer_name"] = "ก" * 200
    assert send(client, url, data).status_code == 302
    report.refresh_from_db()
    assert report.summary.replace("\r\n", "\n") == "ข้อความใหม่\n  เว้นวรรค"


def test_an_approver_publishes_after_confirming_and_nobody_else_does(client, desk):
    round_, report, url = desk
    address = reverse("desk_report_publish", args=[round_.pk])
    for role in (Role.EDITOR, Role.MODERATOR, Role.AUDITOR):
        sign_in(client, round_, role)
        assert client.post(address, {"confirm": "yes"}).status_code in {302, 403}
        report.refresh_from_db()
        assert report.status == "draft"
    sign_in(client, round_, Role.APPROVER)
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 422
    assert client.post(address, {"confirm": "yes"}).status_code == 302
    report.refresh_from_db()
    assert report.is_publishing
    body = client.get(url).content.decode()
    assert "กำลังจัดทำรายงานเพื่อประกาศ" in body
    assert '<meta http-equiv="refresh"' in body
    assert 'name="confirm"' not in body
    assert 'name="summary"' not in body
    publication.publication_execute(report.pk)
    report.refresh_from_db()
    assert report.status == "published"
    body = client.get(url).content.decode()
    assert '<meta http-equiv="refresh"' not in body
    assert report.sha256 in body
    assert "ทำรายงานฉบับแก้ไข" in body


def test_another_agency_sees_no_desk(client, desk):
    round_, _report, url = desk
    other = builders.closed_round()
    sign_in(client, other, Role.APPROVER)
    addresses = [
        url,
        reverse("desk_report_preview", args=[round_.pk]),
        reverse("desk_report_file", args=[round_.pk, "json"]),
        reverse("desk_report_list", args=[round_.pk, "counted"]),
        reverse("desk_report_progress", args=[round_.pk]),
    ]
    for address in addresses:
        assert client.get(address).status_code == 404, address
    for name in ("publish", "correct", "posting"):
        address = reverse(f"desk_report_{name}", args=[round_.pk])
        assert client.post(address, {"confirm": "yes"}).status_code == 404


def test_the_preview_has_every_format_and_its_numbers_open(client, desk):
    round_, _report, _url = desk
    sign_in(client, round_, Role.AUDITOR)
    page = client.get(reverse("desk_report_preview", args=[round_.pk]))
    assert page.status_code == 200
    assert 'href="list/received/"' in page.content.decode()
    listed = client.get(reverse("desk_report_list", args=[round_.pk, "received"]))
    assert 'data-total="5"' in listed.content.decode()
    for name in ("pdf", "docx", "json", "xlsx", "csv"):
        address = reverse("desk_report_file", args=[round_.pk, name])
        response = client.get(address)
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith("attachment")
    assert ResponseReport.objects.count() == 1


def test_postings_elsewhere_are_recorded_with_evidence(client, desk):
    round_, report, _url = desk
    user = sign_in(client, round_, Role.APPROVER)
    services.report_publish(report=report, by=user, now=builders.NOW)
    address = reverse("desk_report_posting", args=[round_.pk])
    data = {"channel": "board", "posted_on": "2026-11-23", "evidence": " "}
    assert client.post(address, data).status_code == 422
    data |= {"evidence": "หนังสือที่ ๑๒", "posted_on": "2026-11-24"}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "หนังสือที่ ๑๒" in response.content.decode()
    assert client.post(address, data | {"posted_on": "2026-11-23"}).status_code == 302
    assert Posting.objects.filter(subject="report").count() == 2


def test_english_officials_read_english(client, desk):
    round_, report, url = desk
    ResponseReport.objects.filter(pk=report.pk).update(summary="")
    user = sign_in(client, round_, Role.EDITOR)
    UserProfile.objects.create(user=user, preferred_language="en")
    body = client.get(url).content.decode()
    assert "Checks before publication" in body
    assert "There is a summary for the public" in body


@pytest.mark.parametrize("page", ["", "preview/", "preview/list/counted/"])
def test_a_look_reads_the_comments_again_only_after_a_change(
    client, desk, page, monkeypatch
):
    """The desk is looked at all day: ten thousands of comments are not read each time.

    Whatever changes what is counted is seen at once.
    """
    round_, _report, url = desk
    sign_in(client, round_, Role.APPROVER)
    url += page
    real, calls = membership.members_of, []

    def read(round):
        calls.append(round)
        return real(round)

    monkeypatch.setattr(membership, "members_of", read)

    def reads() -> int:
        calls.clear()
        assert client.get(url).status_code == 200
        return len(calls)

    counted = Comment.objects.filter(
        round=round_, status="published", late=False, duplicate_of=None
    ).order_by("pk")
    assert reads() == 1
    assert reads() == 0
    one, two = counted[:2]
    now = builders.NOW
    comment_mark_duplicate(comment=two, of=one, by=None, now=now)
    assert reads() == 1
    comment_hide(comment=one, ground="abusive", by=None, now=now)
    assert reads() == 1
    factories.make_comments(round_, ["อีกหนึ่งความเห็น"])
    assert reads() == 1
    assert reads() == 0

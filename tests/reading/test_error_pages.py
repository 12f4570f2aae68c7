"""Error pages say what happened, what is kept and what to do, in both languages."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override
from django.views import defaults

pytestmark = pytest.mark.django_db
LANGUAGES = ["th", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("view", "status"), [(defaults.server_error, 500), (defaults.bad_request, 400)]
)
def test_pages_without_a_request_stand_alone(view, status, language) -> None:
    request = RequestFactory().get("/")
    with override(language):
        response = (
            view(request)
            if status == 500
            else view(request, exception=ValueError("secret"))
        )
    page = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}">' in page and "<h1>" in page
    assert "secret" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_permission_says_who_can_help(rf, language) -> None:
    request = rf.get("/admin/desk/")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    with override(language):
        response = defaults.permission_denied(request, PermissionDenied("บอกเหตุผล"))
    page = response.content.decode()
    assert response.status_code == 403 and "บอกเหตุผล" in page
    assert ("ผู้ดูแลระบบ" in page) == (language == "th")


def test_too_many_requests_gives_the_text_back_and_says_when() -> None:
    with override("th"):
        page = render_to_string(
            "429.html", {"retry_after": 12, "kept_text": "ข้อความยาว <b>\nสองบรรทัด"}
        )
    assert "อีก 12 นาที" in page
    assert "ข้อความยาว &lt;b&gt;\nสองบรรทัด" in page

"""One door with a password, and a second factor behind it for staff."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation
from wagtail.admin.forms.auth import LoginForm as WagtailLoginForm

from consultations.models import Role
from tests.factories import make_agency, make_member, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"
DOORS = [
    "/admin/login/",
    "/admin/login/?next=/admin/",
    "/en/admin/login/",
    "/admin/password_reset/",
    "/admin/password_reset/done/",
    "/admin/password_reset/confirm/MQ/abc-123/",
    "/admin/password_reset/complete/",
    "/en/admin/password_reset/",
    "/django-admin/",
    "/django-admin/login/",
    "/en/django-admin/login/",
    "/_util/login/",
    "/en/_util/login/",
    "/admin/django/login/",
    "/login/",
    "/en/login/",
    "/accounts/login/code/",
    "/accounts/login/code/confirm/",
]


def staff(role: Role = Role.EDITOR, **fields: Any) -> Any:
    user = make_member(make_agency(), role, **fields)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def with_totp(user: Any) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("door", DOORS)
def test_no_other_door_takes_a_password(client: Client, door: str) -> None:
    user = staff()
    with_totp(user)
    names = {"username": user.email, "login": user.email, "email": user.email}
    shown = client.get(door)
    assert shown.status_code in {301, 302, 404}, shown.status_code
    client.post(door, names | {"password": PASSWORD, "next": "/admin/"})
    assert not is_signed_in(client)
    if shown.status_code in {301, 302}:
        assert "/accounts/" in shown.url or shown.url.startswith(("/admin/", "/en/"))


def _views(urls: Any, prefix: str = "") -> Any:
    for entry in urls:
        if isinstance(entry, URLResolver):
            yield from _views(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry


def test_every_view_that_signs_in_is_allauths_or_shadowed() -> None:
    """Walk all addresses: a login view of another program must never be reached."""
    reached = []
    for address, entry in _views(get_resolver().url_patterns):
        view = getattr(entry.callback, "view_class", None)
        module = getattr(view, "__module__", "") if view else ""
        form = getattr(view, "form_class", None) or getattr(
            view, "authentication_form", None
        )
        signs_in = view is not None and (
            view.__name__ in {"LoginView", "PasswordResetConfirmView"}
            or form is WagtailLoginForm
        )
        if signs_in and not module.startswith("allauth"):
            reached.append(address)
    client = Client()
    for address in reached:
        plain = "/" + address.replace("^", "").replace("$", "")
        plain = plain.replace("<uidb64>", "MQ").replace("<token>", "abc-123")
        plain = plain.replace("(?P", "").split("(")[0]
        response = client.get(plain)
        assert response.status_code in {302, 404}, (plain, response.status_code)
        if response.status_code == 302:
            assert "/accounts/" in response.url, plain
    assert reached, "Wagtail's own login view is expected to exist, shadowed"


def test_wagtails_account_page_changes_neither_password_nor_email(
    client: Client,
) -> None:
    client.force_login(staff())
    page = client.get(reverse("wagtailadmin_account")).content.decode()
    assert "old_password" not in page
    assert 'name="name_email-email"' not in page


def test_sign_in_and_out_in_thai_and_english(client: Client) -> None:
    user = staff()
    page = client.get(reverse("account_login"))
    assert page.status_code == 200
    assert 'lang="th"' in page.content.decode()
    assert 'lang="en"' in client.get("/en/accounts/login/").content.decode()
    wrong = client.post("/accounts/login/", {"login": user.email, "password": "no"})
    assert wrong.status_code == 200
    assert user.email in wrong.content.decode()
    done = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert done.url == reverse("wagtailadmin_home")
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_with_a_factor_the_password_alone_does_not_sign_in(client: Client) -> None:
    user = staff()
    secret = with_totp(user)
    done = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert done.url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert client.get("/admin/").status_code == 302
    page = client.get(done.url).content.decode()
    assert "mfa_webauthn_authenticate" in page
    assert client.post(done.url, {"code": "000000"}).status_code == 200
    assert not is_signed_in(client)
    from allauth.mfa.totp.internal import auth

    code = auth.format_hotp_value(
        auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time())))
    )
    client.post(done.url, {"code": code})
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/", "/admin/pages/", "/admin/api/main/pages/", "/admin/desk/rounds/",
        "/admin/drafts/", "/documents/1/x.pdf", "/media/documents/2026/x.pdf",
        "/admin/account/", "/admin/choose-page/",
    ],
)  # fmt: skip
def test_staff_without_a_factor_are_sent_to_enrol(
    client: Client, settings: Any, path: str
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    user = staff()
    client.force_login(user)
    assert client.get(path).url == reverse("mfa_index")
    for headers in (
        {"x-requested-with": "XMLHttpRequest"},
        {"hx-request": "true"},
        {"accept": "application/json"},
    ):
        scripted = client.get(path, headers=headers)
        assert scripted.status_code == 403
        assert scripted.headers["HX-Redirect"] == reverse("mfa_index")
    with_totp(user)
    opened = client.get(path)
    assert opened.status_code in {200, 404} or "mfa" not in opened.url


def test_recovery_codes_alone_are_no_factor(client: Client, settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True
    user = staff()
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"}
    )
    client.force_login(user)
    assert client.get("/admin/").url == reverse("mfa_index")


def test_citizens_need_no_factor(client: Client, settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True
    client.force_login(make_user())
    assert client.get(reverse("account_email")).status_code == 200


def test_who_must_enrol_can_still_leave_and_enrol(
    client: Client, settings: Any
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    client.force_login(staff())
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("account_logout")).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "account_login", "account_signup", "account_reset_password",
        "account_reset_password_done",
    ],
)  # fmt: skip
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_before_signing_in(client: Client, name: str, prefix: str) -> None:
    with translation.override("th"):
        address = prefix + reverse(name)
    page = client.get(address)
    assert page.status_code == 200
    html = page.content.decode()
    assert "site-header" in html
    assert "<style" not in html


@pytest.mark.parametrize(
    "name",
    [
        "account_email", "account_change_password", "account_logout", "mfa_index",
        "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn",
    ],
)  # fmt: skip
def test_pages_of_an_account(client: Client, name: str) -> None:
    user = staff()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse(name))
    assert page.status_code == 200, page
    assert "site-header" in page.content.decode()


def test_reset_tells_nobody_who_has_an_account(client: Client) -> None:
    known = staff().email
    answers = []
    for address in (known, "stranger@example.org"):
        done = client.post(reverse("account_reset_password"), {"email": address})
        page = client.get(done.url).content.decode()
        answers.append((done.status_code, done.url, len(page)))
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [[known]]


def test_sign_up_tells_nobody_who_has_an_account(client: Client, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    known = staff().email
    answers = []
    for address in (known, "stranger@example.org"):
        form = {
            "email": address,
            "password1": "ยาวพอสมควร-2569",
            "password2": "ยาวพอสมควร-2569",
        }
        done = Client().post(reverse("account_signup"), form)
        answers.append((done.status_code, done.headers.get("Location")))
    assert answers[0] == answers[1]

"""How allauth behaves here."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.mail import FAILURES
from comments import promises
from consultations.commenting.limits import forget, give_back, hash_of, seconds_to_wait
from drafts.requests import client_address

log = logging.getLogger(__name__)
#: The longest wait after wrong codes of the second step, in minutes (base settings).
SECOND_STEP = 5


def _pair(request: HttpRequest, email: str) -> str:
    return f"{client_address(request)} {email.lower()}"


class AccountAdapter(DefaultAccountAdapter):
    """Send staff to their desk and everybody else to where they came from.

    Wrong passwords are counted for the pair of address and account.  What comes from
    many addresses is counted for the account too, and then only slowed down: no
    stranger shuts anybody out.
    """

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if request.user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == "too_many_login_attempts":  # of the second step; see _too_many
            return self._too_many(SECOND_STEP * 60)
        return super().validation_error(code, *args)

    def _too_many(self, seconds: int) -> ValidationError:
        message = _("พยายามเข้าสู่ระบบหลายครั้งเกินไป ลองใหม่ได้ในอีก %(n)s นาที")
        return ValidationError(
            message % {"n": -(-seconds // 60)}, code="too_many_login_attempts"
        )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        email = credentials.get("email", "").lower()
        pair = _pair(request, email)
        self._counted = [("login_pair", pair)]
        wait = seconds_to_wait("login_pair", pair)
        if not wait and not cache.get(f"known:{hash_of(pair)}"):
            self._counted.append(("login_account", email))
            if seconds_to_wait("login_account", email):
                self._counted.append(("login_slow", pair))
                wait = seconds_to_wait("login_slow", pair)
        if wait:
            raise self._too_many(wait)

    def _rollback_login_failed_rl_usage(self) -> None:
        for limit, who in self._counted:
            give_back(limit, who)

    def _delete_login_attempts_cached_email(
        self, request: HttpRequest, **credentials: Any
    ) -> None:
        forget("login_pair", _pair(request, credentials["email"]))

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **how: Any
    ) -> HttpResponse:
        pair = _pair(request, user.get_username())
        days = promises.TABLE["opened_from"].keep.days
        cache.set(f"known:{hash_of(pair)}", 1, days * 24 * 3600)
        return super().post_login(request, user, **how)

    def send_account_already_exists_mail(self, email: str) -> None:
        make_password(email)  # takes as long as making the account would
        super().send_account_already_exists_mail(email)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send, or log why not; whoever asked is told the same either way."""
        if seconds_to_wait("mail_person", email.lower()):
            log.warning("mail not sent: one person has had enough for this hour")
            return
        try:
            super().send_mail(template_prefix, email, context)
        except FAILURES as error:
            log.warning("mail not sent: %s", type(error).__name__)

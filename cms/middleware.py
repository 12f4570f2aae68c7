"""Rules that hold for whole parts of the site."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

ADMIN_PREFIX = "/admin/"


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Strict on public pages; Wagtail's admin has a policy of its own."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path.startswith(ADMIN_PREFIX):
            response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY["DIRECTIVES"]
        return super().process_response(request, response)


class StaffSecondFactorMiddleware:
    """Keep staff out of the admin until they have enrolled a second factor.

    Signing in with the factor is allauth's work; this closes the gap before it
    (PLAN.md decision 15).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.STAFF_MFA_REQUIRED
            and request.path.startswith(ADMIN_PREFIX)
            and request.user.is_authenticated
            and not is_mfa_enabled(request.user)
        ):
            messages.warning(
                request, _("เจ้าหน้าที่ต้องตั้งการยืนยันตัวตนขั้นที่สองก่อนเข้าหน้าจัดการ")
            )
            return redirect(reverse("mfa_index"))
        return self.get_response(request)

"""Rules that hold for whole parts of the site."""

from __future__ import annotations

import logging
from collections.abc import Callable
from traceback import walk_tb
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext as _
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from consultations.commenting.limits import minutes_to_wait, too_often
from consultations.pages_doors import is_ours
from drafts.requests import came_from_proxy

log = logging.getLogger(__name__)
ADMIN_PREFIX = "/admin/"
#: What only a proxy may say of a request.
_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_FORWARDED",
)


class ForwardedHeadersMiddleware:
    """Drop what a proxy would say from a request that no trusted proxy handed on.

    Says so once in a process: behind a proxy that ``TRUSTED_PROXIES`` does not name,
    the whole country shares one address and its limits.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.has_warned = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = [name for name in _FORWARDED if name in request.META]
        if given and not came_from_proxy(request):
            for name in given:
                del request.META[name]
            if not self.has_warned:
                self.has_warned = True
                log.warning(
                    "a request with X-Forwarded headers came from an address that is "
                    "not in TRUSTED_PROXIES; the headers were ignored"
                )
        return self.get_response(request)


#: How databases and readers of addresses say that a value is none of theirs.
_ODD = (
    "NUL (0x00)",
    "too large to convert",
    "out of range",
    "Invalid IPv6 URL",
    "expected a number but got",
    # Wagtail's views: a row or field that is not there, odd words, an odd way back
    "'NoneType' object has no attribute",
    "fts5: syntax error",
    "is not a valid view function",
)


def _passed_through_ours(error: Exception) -> bool:
    """Tell whether code of ours stands in the way from the view to the error.

    A view, a hook, a form or a model method: its faults must stay faults.
    """
    frames = walk_tb(error.__traceback__)
    return any(is_ours(frame.f_globals.get("__name__", "")) for frame, _line in frames)


class OddRequestsMiddleware:
    """Answer 400 to a request that no form of ours sends and no database can take.

    An address with a NUL, an encoding that is none; and, where such a value is met only
    in the database, the same answer in place of an error of the system.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            given = [text for name, texts in request.GET.lists() for text in texts]
            given += [request.path_info, *request.GET]
        except (LookupError, UnicodeError, SuspiciousOperation) as error:
            raise BadRequest from error
        if any("\x00" in text for text in given):
            raise BadRequest
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        kinds = ValueError | OverflowError | DataError
        in_admin = request.path_info.startswith(ADMIN_PREFIX)
        if in_admin and not _passed_through_ours(error):
            kinds |= AttributeError | OperationalError | NoReverseMatch
        odd = isinstance(error, kinds)
        odd = odd and any(words in str(error) for words in _ODD)
        if odd or isinstance(error, MultiValueDictKeyError):  # a field that must come
            raise BadRequest from error


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Strict on public pages; Wagtail's admin has a policy of its own."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info.startswith(ADMIN_PREFIX):
            response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY["DIRECTIVES"]
            # Wagtail shows previews in frames of its editor; nothing else is framed.
            response["X-Frame-Options"] = "SAMEORIGIN"
        return super().process_response(request, response)


#: What only staff may reach; files of agencies too.
STAFF_PREFIXES = (ADMIN_PREFIX, "/documents/", "/media/")
#: What somebody who is to enrol must still reach.
_ALWAYS = ("/admin/login/", "/admin/logout/", "/admin/password_reset/")
_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class StaffSecondFactorMiddleware:
    """Keep staff out of the admin until they have enrolled a second factor.

    Signing in with the factor is allauth's work; this closes the gap before it.
    A page is sent to the enrolment; a request made by a script (htmx, Wagtail's own,
    JSON) gets 403 and, for htmx, the address to go to, because a redirect would put the
    enrolment page into the middle of another page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._must_enrol(request):
            return self.get_response(request)
        reason = _("เจ้าหน้าที่ต้องตั้งการยืนยันตัวตนขั้นที่สองก่อนเข้าหน้าจัดการ")
        enrol = reverse("mfa_index")
        if _by_script(request):
            return HttpResponse(
                reason,
                status=403,
                content_type="text/plain; charset=utf-8",
                headers={"HX-Redirect": enrol},
            )
        messages.warning(request, reason)
        return redirect(enrol)

    def _must_enrol(self, request: HttpRequest) -> bool:
        return (
            settings.STAFF_MFA_REQUIRED
            and request.path_info.startswith(STAFF_PREFIXES)
            and not request.path_info.startswith(_ALWAYS)
            and request.user.is_authenticated
            and request.user.has_perm("wagtailadmin.access_admin")
            and not is_mfa_enabled(request.user, _FACTORS)
        )


def _by_script(request: HttpRequest) -> bool:
    return (
        request.headers.get("X-Requested-With") == "XMLHttpRequest"
        or request.headers.get("HX-Request") == "true"
        or "text/html" not in request.headers.get("Accept", "text/html")
    )


class ScriptedSaveMiddleware:
    """Answer a form that was sent by htmx with the address to go to.

    A redirect would be followed out of sight, and its messages shown to nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or not request.headers.get("HX-Request"):
            return response
        if response.status_code in {301, 302, 303, 307} and response.has_header(
            "Location"
        ):
            address = response["Location"]
            del response["Location"]
            response.status_code, response.content = 200, b""
            response["HX-Redirect"] = address
            # To another place of the same page a browser would only scroll.
            here = (
                request.headers.get("HX-Current-URL", "")
                .partition("#")[0]
                .partition("?")[0]
            )
            if "#" in address and here.endswith(urlsplit(address).path):
                response["HX-Refresh"] = "true"
        return response


class UploadLimitMiddleware:
    """Limit the files that one account, and one address, may send."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if request.method != "POST" or not request.FILES:
            return None
        minutes = minutes_to_wait(request, "upload")
        return too_often(request, minutes) if minutes else None


class CacheAwayMiddleware:
    """Say that sign-in is closed for a moment when the rate-limit store is away.

    Public pages and sending get along without the cache; what guards passwords does
    not, and stays shut rather than unguarded.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, RedisConnectionError | RedisTimeoutError):
            return None
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "60"
        return response

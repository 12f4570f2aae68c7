"""Who may open a desk: one decorator for every staff view of the process.

Another agency's object does not exist for an official (404); an object of one's own
agency for which one's role is not enough is forbidden (403).  Superusers have no
membership and so no desk (consultations/policies.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from consultations import policies
from consultations.desk.frame import FRAME
from consultations.models import AgencyPage, Consultation, Round
from consultations.policies import Action

View = Callable[..., HttpResponseBase]

#: keyword of the URL -> (rows with what a desk always shows, lookup of the agency).
_SCOPES: dict[str, tuple[Callable[[], QuerySet[Any]], str]] = {
    "round_id": (
        lambda: Round.objects.select_related(
            "consultation__agency", "consultation__page", "version"
        ),
        "consultation__agency",
    ),
    "consultation_id": (
        lambda: Consultation.objects.select_related("agency", "page", "draft"),
        "agency",
    ),
    "agency_id": (AgencyPage.objects.all, "pk"),
}


def get_scoped(user: Any, action: Action, rows: QuerySet[Any], lookup: str) -> Model:
    """Return the one row of ``rows``, or refuse.

    ``lookup`` leads from a row to its agency.  Raises Http404 where the row does not
    exist or is another agency's, PermissionDenied where the user's roles in the row's
    agency do not allow ``action``.
    """
    found = get_object_or_404(rows)
    agency_id: Any = found
    for name in lookup.split("__"):
        agency_id = getattr(agency_id, name)
    agency_id = getattr(agency_id, "pk", agency_id)
    roles = policies.roles_of(user, agency_id)
    if not roles & policies.ROLES_FOR[Action.VIEW_DESK]:
        raise Http404
    if not roles & policies.ROLES_FOR[action]:
        raise PermissionDenied(_("บทบาทของคุณในหน่วยงานนี้ไม่มีสิทธิทำรายการนี้"))
    return found


def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponseBase:
    """Answer 403 with a page; Wagtail would send people home with a 302 instead."""
    title = _("ไม่มีสิทธิ")
    return FRAME.show(request, "forbidden", title, reason=str(error), status=403)


def agency_view(
    action: Action, *, change: Action | None = None
) -> Callable[[View], View]:
    """Give a staff view its object, checked: ``view(request, round, ...)``.

    The URL names it ``round_id``, ``consultation_id`` or ``agency_id``; the first one
    present is resolved and passed as the second positional argument.  ``action`` is
    needed to read, ``change`` (default: the same) to send anything but GET or HEAD.
    The decorated view carries both as ``agency_action`` and ``agency_change``, so that
    the test that walks every desk can read the table from the code.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            name = next(key for key in _SCOPES if key in kwargs)
            rows, lookup = _SCOPES[name]
            needed = action if request.method in {"GET", "HEAD"} else change or action
            try:
                found = get_scoped(
                    request.user, needed, rows().filter(pk=kwargs.pop(name)), lookup
                )
                return view(request, found, *args, **kwargs)
            except PermissionDenied as error:
                return _forbidden(request, error)

        checked.agency_action = action  # type: ignore[attr-defined]
        checked.agency_change = change or action  # type: ignore[attr-defined]
        return checked

    return decorate


def desk_view(action: Action = Action.VIEW_DESK) -> Callable[[View], View]:
    """Guard a desk page that belongs to no one object: ``view(request, agency_ids)``.

    Passes the ids of the agencies in which the user may do ``action``; refuses with
    PermissionDenied when there is none.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            ids = policies.agency_ids(request.user, action)
            try:
                if not ids:
                    raise PermissionDenied(_("คุณยังไม่มีบทบาทนี้ในหน่วยงานใด"))
                return view(request, ids, *args, **kwargs)
            except PermissionDenied as error:
                return _forbidden(request, error)

        checked.agency_action = action  # type: ignore[attr-defined]
        checked.agency_change = action  # type: ignore[attr-defined]
        return checked

    return decorate

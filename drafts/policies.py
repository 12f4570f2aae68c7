"""Who may change a draft.

This floor knows no agencies: rights on an agency's branch of the page tree are rows
that the floor above derives from memberships (consultations/groups.py).  Being a
superuser gives none.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.models import GroupPagePermission, Page

from drafts.models import DraftPage


def may(user: Any, right: str, page: Page) -> bool:
    """Tell whether a user holds ``right`` (add, change, publish) on a page's branch."""
    return (
        user.is_active
        and GroupPagePermission.objects.filter(
            group__user=user,
            permission__codename=f"{right}_page",
            page__in=page.get_ancestors(inclusive=True),
        ).exists()
    )


def may_edit(user: Any, draft: Page) -> bool:
    """Tell whether a user may change a draft and freeze its versions."""
    return may(user, "change", draft)


def branches(user: Any) -> QuerySet[Page]:
    """Return the pages under which a user may put drafts: agencies, seen from here."""
    if not user.is_active:
        return Page.objects.none()
    rights = GroupPagePermission.objects.filter(
        group__user=user, permission__codename="add_page"
    )
    return Page.objects.filter(pk__in=rights.values("page")).order_by("title")


def drafts_of(user: Any) -> QuerySet[DraftPage]:
    """Return the drafts that a user may edit, newest change first."""
    found = DraftPage.objects.none()
    for branch in branches(user):
        found |= DraftPage.objects.descendant_of(branch)
    return found.order_by("-latest_revision_created_at", "-pk")

"""Two people in Wagtail's page editor: who saves second is shown both texts.

Wagtail warns in the browser and overwrites on the server.  Here the server refuses: it
compares the revision that the form had loaded with the newest, under the page's lock.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.views.pages.edit import EditView
from wagtail.blocks import StreamValue
from wagtail.models import Page, Revision

from drafts.revisions import Difference, told

#: What a form says of the revision it had loaded (and saved since, by itself).
_LOADED = ("loaded_revision_id", "loaded_revision_created_at", "overwrite_revision_id")


def _is_newest(data: QueryDict, newest: Revision | None) -> bool:
    if newest is None:
        return True
    if saved := data.get("overwrite_revision_id"):
        return saved == str(newest.pk)
    loaded = (data.get("loaded_revision_id"), data.get("loaded_revision_created_at"))
    return loaded == (str(newest.pk), newest.created_at.isoformat())


@hooks.register("before_edit_page", order=1000)
def refuse_outdated(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Let a save through, under the page's lock, if it is of the newest revision."""
    if request.method != "POST" or getattr(request, "is_of_newest", False):
        return None
    with transaction.atomic():
        locked = Page.objects.select_for_update().get(pk=page.pk)
        newest = locked.latest_revision
        if _is_newest(request.POST, newest):
            request.is_of_newest = True  # type: ignore[attr-defined]
            request.POST = _with_theirs(request.POST, page)
            return EditView.as_view()(request, page.pk)
        if request.accepts("text/html"):
            return _both_texts(request, page, newest)
        # Wagtail refuses what saves itself, unless it says nothing of what it loaded.
        request.POST = request.POST.copy()
        request.POST.setdefault("loaded_revision_id", "0")
        return None


def _forms(data: QueryDict, page: Page, user: Any) -> tuple[Any, Any]:
    """Return the editor's form as it was sent, and as it would open now."""
    form_class = page.get_edit_handler().get_form_class()
    now = page.get_latest_revision_as_object()
    parent = page.get_parent()
    given = {"parent_page": parent, "for_user": user}
    return form_class(data, instance=page, **given), form_class(instance=now, **given)


def _with_theirs(data: QueryDict, page: Page) -> QueryDict:
    """Put what stands into the fields for which the person chose it."""
    taken = [key for key in data if key.startswith("take-") and data[key] == "theirs"]
    if not taken:
        return data
    data = data.copy()
    _mine, theirs = _forms(data, page, None)
    for name in (key.removeprefix("take-") for key in taken):
        if name in theirs.fields:
            data[name] = theirs.fields[name].widget.format_value(theirs[name].value())
    return data


def _words(field: Any, value: Any) -> str:
    """Return a value as people read it; of a body its words alone."""
    if not isinstance(value, StreamValue):
        return told(field, value)
    pieces = [block.value for block in value]
    values = [
        dict(piece).values() if hasattr(piece, "items") else [piece] for piece in pieces
    ]
    return "\n".join(" ".join(str(one) for one in piece if one) for piece in values)


def _both_texts(request: HttpRequest, page: Page, newest: Revision) -> HttpResponse:
    mine, theirs = _forms(request.POST, page, request.user)
    mine.is_valid()  # reads the blocks of a body
    simple, bodies = [], []
    for name, field in mine.fields.items():
        if field.widget.is_hidden or name not in theirs.fields:
            continue
        now = theirs[name].value()
        is_body = isinstance(now, StreamValue)
        sent = mine.cleaned_data.get(name) if is_body else mine[name].value()
        texts = (_words(field, sent), _words(field, now))
        if texts[0] != texts[1]:
            found = Difference(name, str(field.label or name), *texts)
            (bodies if is_body else simple).append(found)
    keep = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", *_LOADED}
        and not name.startswith("take-")
        for value in values
    ]
    context = {
        "page": page,
        "newest": newest,
        "created_at": newest.created_at.isoformat(),
        "form": {"differences": simple},
        "bodies": bodies,
        "keep": keep,
        "header_title": _("มีผู้อื่นบันทึกหน้านี้ไปก่อนแล้ว"),
        "style": "desk",
        "breadcrumbs_items": [{"url": "", "label": page.get_admin_display_title()}],
        "header_icon": "doc-full",
    }
    return render(request, "desk/page_conflict.html", context, status=409)

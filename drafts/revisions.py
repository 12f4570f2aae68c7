"""What a person had seen when writing: two people can write, no word is lost.

A form carries the ``revision`` of what it showed; the service that saves compares it,
under the row's lock, with what stands now.  Who comes second is answered 409 with both
texts, field by field, and keeps one's own or takes the other's.  A request that names
no revision has seen nothing and is answered as an outdated one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from drafts.errors import RapfangError


class Outdated(RapfangError):
    """Somebody else saved first; nothing was overwritten."""

    status = 409
    #: Field -> what stands now, where the service knows it.
    current: Mapping[str, Any] | None = None
    #: What names ``current``.
    revision = ""


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, models.QuerySet | models.Manager):
        return sorted(value.values_list("pk", flat=True))
    return str(value)


def revision_of(values: Mapping[str, Any]) -> str:
    """Return a short hash of values as they are shown; the same for the same values."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def check_revision(seen: str | None, current: Mapping[str, Any]) -> None:
    """Raise Outdated unless ``seen`` is the revision of what stands now.

    Call it under the row's lock.  None is a caller that shows nobody a form (a command,
    the demo); what a request did not send is "".
    """
    if seen is not None and seen != revision_of(current):
        error = Outdated(
            _(
                "มีผู้อื่นบันทึกไปก่อนแล้วตั้งแต่คุณเปิดหน้านี้ ยังไม่มีอะไรถูกเขียนทับ "
                "สิ่งที่คุณพิมพ์ยังอยู่ครบ เทียบกับที่บันทึกไว้แล้ว แล้วบันทึกอีกครั้ง"
            ),
            code="conflict",
        )
        error.current, error.revision = current, revision_of(current)
        raise error


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people wrote differently, in words for them."""

    name: str
    label: str
    mine: str
    theirs: str


class RevisionForm(forms.Form):
    """A form on what stands already: it knows what it showed.

    ``stands`` is what stands now, as initial values; it may hold more than the fields.
    ``revision`` is its name where the row counts its own changes.
    """

    # A page may hold several forms on one thing: no two ids alike.
    revision = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"id": False})
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        stands: Mapping[str, Any],
        revision: str | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {**stands, **kwargs.get("initial", {})}
        self.stands: Mapping[str, Any] = stands
        self.differences: list[Difference] = []
        super().__init__(data, files, **kwargs)
        self.initial["revision"] = revision or revision_of(stands)

    def full_clean(self) -> None:
        if self.is_bound:
            self._take_theirs()
        super().full_clean()

    def _take_theirs(self) -> None:
        """Put what stands into the fields for which the person chose it."""
        for name, field in self.fields.items():
            if self.data.get(f"take-{name}") == "theirs" and name in self.stands:
                value = field.prepare_value(self.stands[name])
                given = field.widget.format_value(value)
                self._put(name, given if isinstance(given, list) else [given or ""])

    def _put(self, name: str, values: list[Any]) -> None:
        self.data = self.data.copy()
        self.data.setlist(self.add_prefix(name), values)

    def refuse(self, error: RapfangError) -> None:
        """Say what stands against saving; beside an outdated text stands the newest."""
        self.add_error(None, error.message)
        if not isinstance(error, Outdated):
            return
        current = {**self.stands, **(error.current or {})}
        # The next save is meant for what is shown now.
        self._put("revision", [error.revision or self.initial["revision"]])
        for name, field in self.fields.items():
            if name not in current or field.widget.is_hidden:
                continue
            mine = told(field, self[name].value())
            theirs = told(field, current[name])
            if mine != theirs:
                found = Difference(name, str(field.label or name), mine, theirs)
                self.differences.append(found)


def told(field: forms.Field, value: Any) -> str:
    """Return a value as people read it."""
    shown = field.widget.format_value(field.prepare_value(value))
    if isinstance(shown, list):
        labels = {str(key): str(label) for key, label in flatten_choices(field.choices)}
        return ", ".join(labels.get(str(key), str(key)) for key in shown)
    return str(shown or "").replace("\r\n", "\n").strip()


def tried(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> int:
    """Do ``act`` with what a form holds; return 0, or the status to show it again with.

    200 for a form that is only opened, 422 for one that cannot be read or is refused,
    409 for one that somebody else was faster with.  Nothing typed is lost.
    """
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return 422
    try:
        act(form.cleaned_data)
    except RapfangError as error:
        for name, message in getattr(error, "fields", {}).items():
            form.add_error(name, message)
        if isinstance(form, RevisionForm):
            form.refuse(error)
        else:
            form.add_error(None, error.message)
        return error.status
    return 0

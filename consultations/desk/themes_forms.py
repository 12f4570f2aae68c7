"""Forms of the workbench: a theme's own words, and what its buttons send along."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from comments.models import Stance, Theme
from comments.themes.review import TITLE_LENGTH, theme_values
from drafts.requests import read_number, read_numbers
from drafts.revisions import RevisionForm

#: Comments ticked one by one: more than a page of them is a rule's work.
MOST_CHOSEN = 500


class ThemeForm(RevisionForm):
    """A theme's title and note; the service says what is wrong with a title."""

    title = forms.CharField(
        label=_("ชื่อ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": TITLE_LENGTH}),
    )
    title_en = forms.CharField(
        label=_("ชื่อภาษาอังกฤษ"),
        required=False,
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    note = forms.CharField(
        label=_("บันทึกภายใน"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, theme: Theme, **kwargs: Any) -> None:
        stands = theme_values(theme)
        super().__init__(*args, stands=stands, revision=str(theme.revision), **kwargs)


class _Number(forms.Field):
    """A number that a button carries; nobody typed it, so what is none is missing."""

    def clean(self, value: Any) -> int | None:
        return read_number(value)


class _Numbers(forms.Field):
    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        return read_numbers((value or [])[:MOST_CHOSEN])


_NUMBERS = (
    "comment", "run", "event", "after_event", "assigned_to", "revision", "into",
    "into_revision", "section", "part", "parts", "expected",
)  # fmt: skip
_WORDS = (
    "action", "target", "seen", "detail", "only_new", "keep", "text", "title",
    "new_title", "words",
)  # fmt: skip


class Pressed(forms.Form):
    """All that the workbench's buttons and links send; what is absent is empty."""

    comments = _Numbers(required=False)
    stance = forms.ChoiceField(required=False, choices=[("", ""), *Stance.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {name: _Number() for name in _NUMBERS}
        self.fields |= {name: forms.CharField(required=False) for name in _WORDS}


def pressed(data: QueryDict) -> dict[str, Any]:
    """Return what a button or link of the workbench sent, read by its type."""
    form = Pressed(data)
    form.is_valid()
    return {name: form.cleaned_data.get(name, "") for name in form.fields}

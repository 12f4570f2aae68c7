"""Read what a person typed; say what is wrong in words, next to the field.

Nothing is stripped, cut or corrected: texts are stored as typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from comments.errors import CommentError
from comments.intake import About
from comments.models import Capacity, Publication, Stance
from comments.preparing import Said, Subject, said_check
from comments.promises import said_lazy
from consultations.commenting.provinces import PROVINCES
from drafts.languages import is_english

#: Stances that a form offers; "not stated" is for imported texts only.
OFFERED = [choice for choice in Stance.choices if choice[0] != Stance.NOT_STATED]
#: The trap for programs that fill every field; people do not see it.
TRAP = "website"


def _province_choices() -> list[tuple[str, str]]:
    names = [(thai, eng if is_english() else thai) for thai, eng in PROVINCES.items()]
    return [("", "–"), *names]


class AboutForm(forms.Form):
    """What a person says of themselves: every field may be left as it is."""

    capacity = forms.ChoiceField(
        label=_("แสดงความคิดเห็นในฐานะ"),
        choices=Capacity.choices,
        initial=Capacity.INDIVIDUAL,
        help_text=said_lazy("capacity", "why", "shown"),
    )
    group = forms.ChoiceField(
        label=_("กลุ่มผู้ได้รับผลกระทบ (ไม่บังคับ)"),
        required=False,
        help_text=said_lazy("group", "why", "shown"),
    )
    province = forms.ChoiceField(
        label=_("จังหวัด (ไม่บังคับ)"),
        required=False,
        choices=lazy(_province_choices, list)(),
        help_text=said_lazy("province", "why", "shown"),
    )
    name = forms.CharField(
        label=_("ชื่อ (ไม่บังคับ)"),
        required=False,
        max_length=200,
        help_text=said_lazy("name", "shown"),
    )
    organisation = forms.CharField(
        label=_("หน่วยงานหรือองค์กร (ไม่บังคับ)"),
        required=False,
        max_length=300,
        help_text=format_lazy(
            "{} {}", _("กรอกเมื่อพูดแทนองค์กร"), said_lazy("kind", "shown")
        ),
    )
    email = forms.EmailField(
        label=_("อีเมล (ไม่บังคับ)"),
        required=False,
        help_text=said_lazy("email", "why", "shown"),
    )
    publication = forms.ChoiceField(
        label=_("การเผยแพร่"),
        choices=Publication.choices,
        initial=Publication.NAME_WITHHELD,
    )

    def __init__(self, *args: Any, groups: list[str] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        listed = [(str(group)[:100], str(group)) for group in groups or []]
        self.fields["group"].choices = [("", "–"), *listed]
        if not listed:
            del self.fields["group"]
        for name, field in self.fields.items():
            described = [f"id_{name}-help"] if field.help_text else []
            if self.is_bound and self.errors.get(name):
                described.append(f"id_{name}-error")
                field.widget.attrs["aria-invalid"] = "true"
            if described:
                field.widget.attrs["aria-describedby"] = " ".join(described)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["organisation"].widget.attrs["autocomplete"] = "organization"
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def about(self, language: str) -> About:
        """Return the cleaned answers; call it on a valid form."""
        values = {key: value for key, value in self.cleaned_data.items() if value}
        return About(**values, language=language)

    def typed(self) -> dict[str, str]:
        """Return the fields as typed, to be kept."""
        return {name: self.data.get(name, "") for name in self.fields}


def about_as_typed(data: Mapping[str, str]) -> dict[str, str]:
    return {name: str(data.get(name, ""))[:300] for name in AboutForm.base_fields}


def said_from(
    data: Mapping[str, str], subject: Subject, *, prefix: str = "", original: str = ""
) -> Said:
    """Read one thing said from a form, as typed."""
    return Said(
        subject,
        data.get(f"{prefix}stance", ""),
        data.get(f"{prefix}text", ""),
        data.get(f"{prefix}suggestion", original),
        original,
        seen=data.get(f"{prefix}seen", ""),
    )


def problem_of(said: Said) -> CommentError | None:
    """Return what is wrong with one thing said, None if nothing is."""
    try:
        said_check(said)
    except CommentError as error:
        return error
    return None


def field_of(error: CommentError, code: str) -> str:
    """Return the id of the form field that an error is about."""
    if error.code == "another_tab":
        return f"{code}-kept"
    if error.code == "stance_missing":
        return f"{code}-stance-agree"
    return f"{code}-text"

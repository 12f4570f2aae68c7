"""The search form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from search.analysis import MAX_QUERY

KINDS = [
    ("", _("ทั้งหมด")),
    ("consultation", _("การรับฟังความคิดเห็น")),
    ("provision", _("มาตราในร่าง")),
    ("comment", _("ความคิดเห็น")),
    ("report", _("รายงานผล")),
]


class SearchForm(forms.Form):
    """Lenient: whatever cannot be understood is left out, never an error page."""

    q = forms.CharField(label=_("คำค้น"), required=False, max_length=MAX_QUERY)
    kind = forms.ChoiceField(label=_("ชนิด"), choices=KINDS, required=False)
    consultation = forms.SlugField(required=False, widget=forms.HiddenInput)
    agency = forms.SlugField(required=False, widget=forms.HiddenInput)
    fold = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, min_value=1)

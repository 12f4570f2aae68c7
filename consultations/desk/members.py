"""Who belongs to which agency: administered by superusers in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.viewsets.model import ModelViewSet

from consultations.models import AgencyMembership


class MembershipForm(WagtailAdminModelForm):
    """Add a member, or change the role; a member of another agency is a new row."""

    class Meta:
        model = AgencyMembership
        fields = ["user", "agency", "role"]
        labels = {"user": _("ผู้ใช้"), "agency": _("หน่วยงาน")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: forms.ModelChoiceField = self.fields["agency"]
        agency.widget = forms.Select(choices=agency.choices)
        agency.label_from_instance = lambda page: page.title
        if self.instance.pk:
            self.fields["user"].disabled = agency.disabled = True


class MembershipViewSet(ModelViewSet):
    """Only superusers hold the model's permissions, so only they see it."""

    model = AgencyMembership
    name = "memberships"
    icon = "user"
    menu_label = _("สมาชิกของหน่วยงาน")
    menu_order = 610
    add_to_settings_menu = True
    inspect_view_enabled = False
    copy_view_enabled = False
    list_display = ["user", "agency", "role"]
    list_filter = ["agency", "role"]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return MembershipForm


@hooks.register("register_admin_viewset")
def memberships() -> MembershipViewSet:
    return MembershipViewSet()

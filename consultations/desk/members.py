"""Who belongs to which agency: administered by superusers in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.generic import EditView
from wagtail.admin.viewsets.model import ModelViewSet

from consultations.models import AgencyMembership
from drafts.revisions import Outdated, check_revision, revision_of


class MembershipForm(WagtailAdminModelForm):
    """Add a member, or change the role; a member of another agency is a new row."""

    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = AgencyMembership
        fields = ["user", "agency", "role", "position"]
        labels = {"user": _("ผู้ใช้"), "agency": _("หน่วยงาน")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: forms.ModelChoiceField = self.fields["agency"]
        agency.widget = forms.Select(choices=agency.choices)
        agency.label_from_instance = lambda page: page.title
        self.status = 422
        if self.instance.pk:
            self.fields["user"].disabled = agency.disabled = True
            self.stands = {n: getattr(self.instance, n) for n in ("role", "position")}
            self.initial["revision"] = revision_of(self.stands)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.instance.pk:
            try:
                check_revision(data.get("revision", ""), self.stands)
            except Outdated as error:
                self.status = error.status
                self.data = self.data.copy()
                self.data["revision"] = error.revision
                shown = (self.instance.get_role_display(), self.stands["position"])
                now = _("ที่บันทึกไว้แล้ว: %s") % " · ".join(filter(None, shown))
                raise forms.ValidationError([error.message, now]) from error
        return data


class MembershipEditView(EditView):
    """Answers 409 where another administrator was first, 422 where it is refused."""

    def form_invalid(self, form: MembershipForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = form.status
        return response


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
    edit_view_class = MembershipEditView
    list_display = ["user", "agency", "role"]
    list_filter = ["agency", "role"]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return MembershipForm


@hooks.register("register_admin_viewset")
def memberships() -> MembershipViewSet:
    return MembershipViewSet()

"""Agencies and who may do what in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from drafts.page_rights import AgencyPageMixin


class AgencyPage(AgencyPageMixin, Page):
    """An agency: the home of its drafts and consultations in the page tree."""

    name_en = models.CharField(_("ชื่อภาษาอังกฤษ"), max_length=255, blank=True)
    ministry = models.CharField(_("กระทรวงต้นสังกัด"), max_length=255, blank=True)
    about = models.TextField(_("เกี่ยวกับหน่วยงาน"), blank=True)
    contact = models.TextField(_("ติดต่อ"), blank=True)
    dpo_contact = models.TextField(_("เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("name_en"),
        FieldPanel("ministry"),
        FieldPanel("about"),
        FieldPanel("contact"),
        FieldPanel("dpo_contact"),
    ]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["drafts.DraftPage", "consultations.ConsultationPage"]
    preview_modes: list[tuple[str, str]] = []

    class Meta:
        verbose_name = _("หน่วยงาน")
        verbose_name_plural = _("หน่วยงาน")

    def get_url_parts(self, *args: object, **kwargs: object) -> None:
        return None


class Role(models.TextChoices):
    EDITOR = "editor", _("ผู้จัดทำ")
    APPROVER = "approver", _("ผู้อนุมัติ")
    MODERATOR = "moderator", _("ผู้ดูแลความคิดเห็น")
    AUDITOR = "auditor", _("ผู้ตรวจสอบ")


class AgencyMembership(models.Model):
    """The truth about rights; Wagtail's groups are generated from these rows."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    agency = models.ForeignKey(
        AgencyPage, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("บทบาท"), max_length=12, choices=Role.choices)
    position = models.CharField(
        _("ตำแหน่ง"),
        max_length=200,
        blank=True,
        help_text=_("พิมพ์ในรายงานเมื่อผู้นี้ลงนาม เช่น ผู้อำนวยการกองกฎหมาย"),
    )

    class Meta:
        verbose_name = _("สมาชิกของหน่วยงาน")
        verbose_name_plural = _("สมาชิกของหน่วยงาน")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"], name="membership_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.agency} {self.role}"


class OfficeOfTwo(models.Model):
    """An agency's word that only two people write and sign (policies.office_of_two).

    A table of its own: a revision of the agency's page must not switch it.
    """

    agency = models.OneToOneField(
        AgencyPage, on_delete=models.PROTECT, related_name="office_of_two"
    )
    is_on = models.BooleanField(default=False)
    reason = models.TextField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agency} {self.is_on}"

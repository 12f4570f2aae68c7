"""Pages of the site itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from consultations.reading.selectors.lists import read_front_page
from consultations.reading.selectors.said import said
from drafts import clock


class HomePage(Page):
    """The front page; what it lists comes from ``consultations.selectors``."""

    intro = models.TextField(_("ประโยคเดียวที่บอกว่าเว็บไซต์นี้คืออะไร"), blank=True)
    intro_en = models.TextField(_("ประโยคเดียว (อังกฤษ)"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("intro_en"),
    ]
    subpage_types = ["consultations.AgencyPage", "cms.StandardPage"]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = _("หน้าแรก")

    def get_context(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Add what is open, announced, answered, and by whom."""
        return super().get_context(request, *args, **kwargs) | {
            "intro": said(self.intro, self.intro_en),
            "front": read_front_page(now=clock.now()),
        }


class StandardPage(Page):
    """A page of plain text: about, privacy notice, accessibility, help."""

    title_en = models.CharField(_("ชื่อภาษาอังกฤษ"), max_length=255, blank=True)
    body = RichTextField(_("เนื้อหา"), features=["h2", "h3", "ol", "ul", "link", "bold"])
    body_en = RichTextField(
        _("เนื้อหา (อังกฤษ)"),
        features=["h2", "h3", "ol", "ul", "link", "bold"],
        blank=True,
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("title_en"),
        FieldPanel("body"),
        FieldPanel("body_en"),
    ]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("หน้าข้อความ")

    def get_context(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Choose the page's language for the title and the text."""
        body = said(self.body, self.body_en)
        return super().get_context(request, *args, **kwargs) | {
            "heading": said(self.title, self.title_en),
            "body": body.text,
            "body_lang": body.lang,
        }

"""The text of the law: acts in force, drafts, frozen versions and their provisions."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

from drafts import clock
from drafts.blocks import DRAFT_BLOCKS
from drafts.law.compare import Change
from drafts.law.structure import LawKind
from drafts.page_rights import AgencyPageMixin

if TYPE_CHECKING:
    from collections.abc import Sequence

LAW_KINDS: Sequence[tuple[str, object]] = [
    (LawKind.ACT, _("พระราชบัญญัติ")),
    (LawKind.ORGANIC_ACT, _("พระราชบัญญัติประกอบรัฐธรรมนูญ")),
    (LawKind.CONSTITUTION, _("รัฐธรรมนูญ")),
    (LawKind.CODE, _("ประมวลกฎหมาย")),
    (LawKind.EMERGENCY_DECREE, _("พระราชกำหนด")),
    (LawKind.ROYAL_DECREE, _("พระราชกฤษฎีกา")),
    (LawKind.MINISTERIAL_REGULATION, _("กฎกระทรวง")),
    (LawKind.REGULATION, _("ระเบียบ ข้อบังคับ หรือข้อบัญญัติ")),
    (LawKind.NOTIFICATION, _("ประกาศ")),
    (LawKind.OTHER, _("อื่น ๆ")),
]


class AuditEntry(models.Model):
    """One act of a person or of the system on one object; append-only.

    ``action`` is a dotted verb such as ``comment.hidden``.  ``data`` holds what a
    reader needs to understand it and never personal data of a respondent.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id", "id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type}:{self.object_id}"


class OutboxEntry(models.Model):
    """One thing that one consumer still has to learn of (drafts/outbox.py)."""

    consumer = models.CharField(max_length=30)
    topic = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    #: who holds it; whoever finds another token here has lost it
    lease = models.UUIDField(null=True)
    #: nobody takes it before: the lease's end, or when it may be tried again
    free_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    #: failed too often: an operator looks at it
    parked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["consumer", "id"]),
            models.Index(fields=["lease"], condition=models.Q(lease__isnull=False),
                         name="outbox_lease"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.consumer}: {self.topic} {self.object_id}"


class Act(models.Model):
    """A law in force as it stood on a day, imported to be compared with drafts.

    Once ``sealed`` it never changes: when the law is amended, its newer consolidation
    is another row with the same ``key`` (its title without spaces, drafts/acts.py).
    """

    title = models.TextField(_("ชื่อกฎหมาย"))
    title_en = models.TextField(_("ชื่อภาษาอังกฤษ"), blank=True)
    key = models.CharField(max_length=500, db_index=True, default="", editable=False)
    kind = models.CharField(_("ประเภท"), max_length=30, choices=LAW_KINDS)
    as_of = models.DateField(_("ฉบับ ณ วันที่"), null=True)
    source_note = models.TextField(_("ที่มา"), blank=True)
    source_sha256 = models.CharField(max_length=64)
    sealed = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("กฎหมายที่ใช้บังคับ")
        verbose_name_plural = _("กฎหมายที่ใช้บังคับ")

    def __str__(self) -> str:
        return self.title


class ActProvision(models.Model):
    """One division, section, clause or part of an act in force.

    ``text`` and ``paragraphs`` are as in ``Provision``; ``parent_eid`` is the division
    in which it stands, "" at the top.
    """

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="provisions")
    order = models.PositiveIntegerField()
    eid = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    subkind = models.CharField(max_length=30, blank=True)  # chapter, schedule, …
    parent_eid = models.CharField(max_length=120, blank=True)
    label = models.CharField(max_length=120, blank=True)  # "มาตรา ๕/๑", "หมวด ๑"
    heading = models.TextField(blank=True)
    number = models.JSONField(default=list)  # drafts.law.structure.Number
    text = models.TextField(blank=True)
    paragraphs = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["act", "eid"], name="act_eid_unique")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.heading}".strip()


class SourceFile(models.Model):
    """A file as somebody uploaded it, byte for byte; never served to the public.

    ``draft`` or ``act`` is what was made of it, both empty while it waits between two
    steps of a form (drafts/uploads.py).  ``text_sha256`` is of the text that was read.
    """

    file = models.FileField(upload_to="drafts/%Y/")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    text_sha256 = models.CharField(max_length=64, blank=True)
    draft = models.ForeignKey(
        "DraftPage", on_delete=models.SET_NULL, null=True, related_name="source_files"
    )
    act = models.ForeignKey(
        Act, on_delete=models.PROTECT, null=True, related_name="source_files"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class DraftPage(AgencyPageMixin, Page):
    """A draft as its drafting team works on it.  The public reads frozen versions.

    ``body`` is a list of blocks, each with a UUID that is the identity of its
    provision through all versions.
    """

    law_title = models.TextField(
        _("ชื่อร่างกฎหมาย"), help_text=_("ชื่อเต็มตามแบบกฎหมาย ยาวได้ตามจริง")
    )
    law_title_en = models.TextField(_("ชื่อภาษาอังกฤษ"), blank=True)
    law_kind = models.CharField(
        _("ประเภทกฎหมาย"), max_length=30, choices=LAW_KINDS, default=LawKind.ACT
    )
    amends = models.ForeignKey(
        Act,
        verbose_name=_("กฎหมายที่แก้ไขเพิ่มเติม"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # Collapsed, 200 sections are an outline that opens at once, not 1,200 text fields.
    body = StreamField(
        DRAFT_BLOCKS, verbose_name=_("เนื้อหาร่าง"), blank=True, collapsed=True
    )
    source_name = models.CharField(max_length=255, blank=True, editable=False)
    source_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    content_panels = [
        # Wagtail's own title panel writes the slug, which this page does not show.
        FieldPanel("title", classname="title"),
        FieldPanel("law_title"),
        FieldPanel("law_title_en"),
        FieldPanel("law_kind"),
        FieldPanel("amends"),
        FieldPanel("body"),
    ]
    edit_handler = TabbedInterface([ObjectList(content_panels, heading=_("ร่าง"))])
    subpage_types: list[str] = []
    preview_modes: list[tuple[str, str]] = []  # its outline is its preview

    class Meta:
        verbose_name = _("ร่างกฎหมาย")
        verbose_name_plural = _("ร่างกฎหมาย")

    def serve(self, request: HttpRequest, *args: object, **kw: object) -> HttpResponse:
        """Refuse: a draft is read through its consultation, in a frozen version."""
        raise Http404

    def get_url_parts(self, *args: object, **kwargs: object) -> None:
        return None


class AmendedLaw(models.Model):
    """Which act in force a law is that a draft names, as an officer chose it.

    ``key`` is that of the law's title (drafts/acts.py).  Without a row the act is found
    by its title; ``act`` empty means: none of those in the system.
    """

    draft = models.ForeignKey(
        DraftPage, on_delete=models.CASCADE, related_name="amended_laws"
    )
    key = models.CharField(max_length=500)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "key"], name="amended_law_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}: {self.key}"


class DraftVersion(models.Model):
    """A named revision of a draft, frozen; everything said refers to one of these."""

    draft = models.ForeignKey(
        DraftPage, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    title_en = models.TextField(blank=True)
    law_kind = models.CharField(max_length=30, choices=LAW_KINDS)
    sealed = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("ฉบับที่ตรึงไว้")
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "number"], name="draft_version_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class ProvisionKind(models.TextChoices):
    """What a row of a frozen version is."""

    DIVISION = "division", _("หมวด")
    SECTION = "section", _("มาตรา")
    CLAUSE = "clause", _("ข้อ")
    PART = "part", _("ส่วนประกอบ")
    TARGET_CLAUSE = "target_clause", _("ข้อความที่แก้ไข")


#: What is meant where a page counts sections: มาตรา and ข้อ, nothing else.
SECTION_KINDS = frozenset({ProvisionKind.SECTION, ProvisionKind.CLAUSE})


class Provision(models.Model):
    """One division, section, clause, part or amended clause of a frozen version.

    ``key`` is the block's UUID, the same in every version of the draft.  ``text`` has
    paragraphs and items one a line; ``paragraphs`` is the same as a tree of
    ``{"eid", "text", "items": [{"eid", "label", "text", "items"}]}``.
    """

    version = models.ForeignKey(
        DraftVersion, on_delete=models.PROTECT, related_name="provisions"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children"
    )
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=ProvisionKind.choices)
    subkind = models.CharField(max_length=30, blank=True)  # chapter, schedule, …
    key = models.UUIDField(default=uuid.uuid4)
    eid = models.CharField(max_length=120)
    label = models.CharField(max_length=120, blank=True)  # "มาตรา ๕/๑", "หมวด ๑"
    heading = models.TextField(blank=True)
    number = models.JSONField(default=list)  # drafts.law.structure.Number
    text = models.TextField(blank=True)
    paragraphs = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "key"], name="provision_version_key_unique"
            ),
            models.UniqueConstraint(
                fields=["version", "eid"], name="provision_version_eid_unique"
            ),
            models.UniqueConstraint(
                fields=["version", "order"], name="provision_version_order_unique"
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.label, self.heading) if part) or self.eid

    @property
    def can_be_commented(self) -> bool:
        return self.kind != ProvisionKind.DIVISION


class ProvisionNote(models.Model):
    """Help beside a provision; a correction is a new row, so the old one stays."""

    class Kind(models.TextChoices):
        PLAIN = "plain", _("คำอธิบายภาษาที่เข้าใจง่าย")
        CURRENT_LAW = "current_law", _("กฎหมายปัจจุบัน")

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="notes"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.PositiveIntegerField(default=1)
    text = models.TextField()
    text_en = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provision", "kind", "number"], name="note_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.kind} {self.number}"


class TargetClause(models.Model):
    """What a target clause changes in which law; frozen with its version.

    ``current_text`` is a copy of the words as they stood in ``act`` when the draft was
    frozen, byte for byte; ``reason`` says in Thai why the operation cannot be applied
    to it, and is empty where it can.  Without an ``act`` the law was not in the system.
    ``path`` is an eId in that law (drafts.law.targets), "" for all of it.
    """

    class Op(models.TextChoices):
        REPLACE = "replace", pgettext_lazy("amendment", "แก้ไข")
        INSERT = "insert", _("เพิ่ม")
        REPEAL = "repeal", _("ยกเลิก")
        WORD = "word", _("แก้คำ")
        SCHEDULE = "schedule", _("แก้บัญชี")

    provision = models.OneToOneField(
        Provision, on_delete=models.PROTECT, related_name="target"
    )
    version = models.ForeignKey(
        DraftVersion, on_delete=models.PROTECT, related_name="target_clauses"
    )
    op = models.CharField(max_length=20, choices=Op.choices)
    target_law = models.TextField()
    amended_by = models.JSONField(default=list)  # titles of the acts named after it
    path = models.CharField(max_length=300, blank=True)
    old_words = models.TextField(blank=True)  # of an operation on words
    new_words = models.TextField(blank=True)  # as the draft quotes them
    current_text = models.TextField(blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="+")
    act_provision = models.ForeignKey(
        ActProvision, on_delete=models.PROTECT, null=True, related_name="+"
    )
    applied = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["provision__order"]

    def __str__(self) -> str:
        return f"{self.op} {self.target_law} {self.path}"


class ProvisionMatch(models.Model):
    """What became of one provision from a version to the next; frozen with the latter.

    One row is one line of descent: a split or merged provision has several with the
    same ``order``; what was added has no ``old``, what was removed no ``new``.
    ``order`` is the place of the change in the newer version (a removal stands where
    the provision stood), ``by`` how the pair was found, ``similarity`` the share of
    word pairs in common (0 to 1), ``exact`` that no word changed.

    What comes back after having been removed was added to this version, and has a
    second line whose ``older`` is the last version that had it.
    """

    class By(models.TextChoices):
        IDENTITY = "identity", _("รหัสเดิม")
        LABEL = "label", _("เลขเดิม")
        SIMILARITY = "similarity", _("ความคล้าย")

    older = models.ForeignKey(
        DraftVersion, on_delete=models.PROTECT, related_name="matches_after"
    )
    newer = models.ForeignKey(
        DraftVersion, on_delete=models.PROTECT, related_name="matches"
    )
    order = models.PositiveIntegerField()
    old = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, related_name="descents"
    )
    new = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, related_name="origins"
    )
    change = models.CharField(
        max_length=20, choices=[(change.value, change.value) for change in Change]
    )
    by = models.CharField(max_length=20, choices=By.choices, blank=True)
    similarity = models.FloatField(default=0)
    exact = models.BooleanField(default=False)
    renumbered = models.BooleanField(default=False)
    moved = models.BooleanField(default=False)

    class Meta:
        ordering = ["newer", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(old__isnull=False) | models.Q(new__isnull=False),
                name="match_is_of_something",
            ),
            models.UniqueConstraint(
                fields=["newer", "old", "new"], name="match_pair_unique"
            ),
            models.UniqueConstraint(
                fields=["newer", "old"],
                condition=models.Q(new__isnull=True),
                name="match_removed_once",
            ),
            models.UniqueConstraint(
                fields=["newer", "new"],
                condition=models.Q(old__isnull=True),
                name="match_added_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id} ({self.change})"

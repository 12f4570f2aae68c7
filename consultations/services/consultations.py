"""A consultation is made and changed; its page in Wagtail follows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import LogContext

from consultations.errors import ConsultationError
from consultations.models import (
    AgencyPage,
    Consultation,
    ConsultationPage,
    LegalBasis,
    Round,
)
from consultations.services.public_texts import (
    PAGE_FIELDS,
    is_announced,
    texts_record,
)
from drafts import audit, clock, outbox
from drafts.models import DraftPage
from drafts.revisions import check_revision

#: What may never change once the public has seen it.
LOCKED_FIELDS = ("slug", "legal_basis")


def _check_fields(consultation: Consultation) -> None:
    try:
        consultation.full_clean(exclude=["page", "information", "affected_groups"])
    except ValidationError as error:
        names = {
            name: str(Consultation._meta.get_field(name).verbose_name)
            for name in error.message_dict
            if name != "__all__"
        }
        words = [
            f"{names.get(name, '')}: {' '.join(texts)}".lstrip(": ")
            for name, texts in error.message_dict.items()
        ]
        raise ConsultationError("\n".join(words), code="invalid") from error


@transaction.atomic
def consultation_create(
    *,
    agency: AgencyPage,
    draft: DraftPage,
    title: str,
    slug: str,
    legal_basis: str = LegalBasis.BILL_2562,
    title_en: str = "",
    information: dict[str, str] | None = None,
    affected_groups: list[str] | None = None,
    by: Any = None,
    now: dt.datetime | None = None,
    **page_texts: str,
) -> Consultation:
    """Make a consultation with its page and first round, all hidden until announced.

    ``page_texts`` are fields of ``ConsultationPage`` (PAGE_FIELDS).  Raises
    ConsultationError when the draft is another agency's or the address is taken.
    """
    if not draft.is_descendant_of(agency):
        raise ConsultationError(_("ร่างนี้ไม่ใช่ของหน่วยงานนี้"), code="foreign_draft")
    consultation = Consultation(
        agency=agency,
        draft=draft,
        slug=slug,
        title=title,
        title_en=title_en,
        legal_basis=legal_basis,
        information=information or {},
        affected_groups=affected_groups or [],
        created_at=now or clock.now(),
    )
    _check_fields(consultation)
    page = ConsultationPage(
        title=title[:200], slug=slug, live=False, owner=by, **_page_texts(page_texts)
    )
    agency.add_child(instance=page)
    page.save_revision(user=by, log_action=True, clean=False)
    consultation.page = page
    consultation.save()
    Round.objects.create(consultation=consultation, number=1)
    audit.record(consultation, "consultation.created", by=by, slug=slug)
    outbox.emit("consultation", [consultation.pk])
    return consultation


def _page_texts(texts: dict[str, str]) -> dict[str, str]:
    if unknown := set(texts) - set(PAGE_FIELDS):
        message = f"unknown page fields: {sorted(unknown)}"
        raise TypeError(message)
    return texts


def consultation_values(consultation: Consultation) -> dict[str, Any]:
    """Return what a consultation says, as its form shows it."""
    page = consultation.page.get_latest_revision_as_object()
    values = {name: getattr(page, name) for name in PAGE_FIELDS}
    own = ("title", "title_en", "slug", "legal_basis", "waiver")
    values |= {name: getattr(consultation, name) for name in own}
    values["affected_groups"] = "\n".join(consultation.affected_groups)
    items = consultation.information.items()
    return values | {f"item_{name}": text for name, text in items}


@transaction.atomic
def consultation_change(
    *,
    consultation: Consultation,
    revision: str | None = None,
    by: Any = None,
    **changes: Any,
) -> Consultation:
    """Change what a consultation says.  Its address and basis lock once announced.

    ``revision`` names the ``consultation_values`` that the person had seen; raises
    Outdated when they stand no more.
    """
    locked = Consultation.objects.select_for_update(of=("self",))
    consultation = locked.select_related("page").get(pk=consultation.pk)
    check_revision(revision, consultation_values(consultation))
    announced = is_announced(consultation)
    texts = {name: changes.pop(name) for name in PAGE_FIELDS if name in changes}
    changed = {}
    for name, value in changes.items():
        if getattr(consultation, name) == value:
            continue
        if announced and name in LOCKED_FIELDS:
            raise ConsultationError(
                _("ประกาศแล้ว จึงเปลี่ยน%(what)sไม่ได้")
                % {"what": Consultation._meta.get_field(name).verbose_name},
                code="locked",
            )
        changed[name] = (getattr(consultation, name), value)
        setattr(consultation, name, value)
    _check_fields(consultation)
    consultation.save()
    page = consultation.page.get_latest_revision_as_object()
    page_changed = [name for name in texts if getattr(page, name) != texts[name]]
    if page_changed or "title" in changed or "slug" in changed:
        for name in page_changed:
            setattr(page, name, texts[name])
        page.title = consultation.title[:200]
        page.slug = consultation.slug
        revision = page.save_revision(user=by, log_action=True, clean=False)
        if announced:
            with LogContext(user=by):  # its texts are recorded as the page is saved
                revision.publish(user=by)
    if changed or page_changed:
        names = sorted([*changed, *page_changed])
        audit.record(consultation, "consultation.changed", by=by, fields=names)
        if announced:
            texts_record(consultation, changed, by=by)
        outbox.emit("consultation", [consultation.pk])
    return consultation

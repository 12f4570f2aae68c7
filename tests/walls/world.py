"""One agency with everything that an address can name, and who may come to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image as Picture
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    CollectionViewRestriction,
    Site,
    Task,
    UploadedFile,
    Workflow,
)
from wagtail.users.models import UserProfile

from comments import tallies
from comments.blind_audit.services import audit_draw, code_save, coding_finish
from comments.models import Bucket
from consultations.desk.round_forms import PREPARATIONS
from consultations.groups import collection_of
from consultations.models import (
    AgencyMembership,
    AgencyPage,
    ConfirmationRequest,
    ConsultationPage,
    Role,
    Round,
)
from consultations.report.services import report_publish
from drafts.acts import act_import
from drafts.models import Act, DraftPage, OutboxEntry
from drafts.services import blocks_of, draft_import
from drafts.uploads import file_keep
from tests.factories import NOW, make_agency, make_comments, make_member, make_round
from tests.report import builders
from tests.themes.conftest import TEXTS as SAID
from tests.themes.conftest import done
from tests.walls import marks

LAW = """ร่างพระราชบัญญัติ
{title}
พ.ศ. ....

มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติทางเท้า พ.ศ. ....”

มาตรา ๒  ห้ามผู้ใดจอดรถบนทางเท้า
"""


@dataclass
class World:
    """The rows, and what of them fills the addresses (tests/addresses.py)."""

    agency: AgencyPage
    #: still in preparation, its consultation not announced
    hidden: Round
    open: Round
    #: its themes are answered, its report is being written
    closed: Round
    reported: Round
    draft: DraftPage
    act: Act
    document: Document
    image: Image
    membership: AgencyMembership
    #: public ids of a hidden, a covered, a withheld and a plain comment
    comments: list[str] = field(default_factory=list)
    #: with themes of a run (add_analysed_round)
    analysed: Round | None = None
    receipt: str = ""
    arguments: list[list[dict[str, Any]]] = field(default_factory=list)
    particular: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    queries: dict[str, list[str]] = field(default_factory=dict)
    written: dict[str, list[str]] = field(default_factory=dict)


def picture(colour: str = "red") -> ImageFile:
    """Return a small PNG."""
    data = BytesIO()
    Picture.new("RGB", (8, 8), colour).save(data, "PNG")
    return ImageFile(BytesIO(data.getvalue()), f"{colour}.png")


def make_world(agency: AgencyPage | None = None) -> World:
    """Make the rows in the agency, with the words of ``marks`` where they belong.

    The caller makes PDF quick and MEDIA_ROOT its own.
    """
    agency = agency or make_agency("กรมเจ้าของเรื่อง")
    today = builders.TODAY
    hidden = make_round(
        agency,
        title=f"การรับฟัง {marks.HEARING}",
        stage="draft",
        opens_on=today + dt.timedelta(days=20),
        closes_on=today + dt.timedelta(days=50),
    )
    opened = make_round(agency, title="การรับฟังที่เปิดอยู่", questions=2)
    closed = builders.ready(24, agency=agency)[0]
    themes_answered(closed)
    reported, report = builders.ready(24, agency=agency)
    report_publish(report=report, by=report.round.themes.first().approved_by, now=NOW)
    reported.refresh_from_db()
    draft = draft_import(agency=agency, data=LAW.format(title="ทางเท้า")).draft
    draft.title = f"ร่างพระราชบัญญัติทางเท้า {marks.DRAFT}"
    draft.save()
    draft.save_revision()
    act = act_import(data=LAW.format(title="ถนน"), as_of=today, filename="act.txt").act
    collection = collection_of(agency)
    document = Document.objects.create(
        title=f"เอกสารแนบ {marks.DOCUMENT}",
        file=ContentFile(b"x", "x.txt"),
        collection=collection,
    )
    image = Image.objects.create(
        title=f"ภาพประกอบ {marks.IMAGE}", file=picture(), collection=collection
    )
    editor = make_member(agency, Role.EDITOR)
    UserProfile.objects.get_or_create(user=editor)
    world = World(
        agency, hidden, opened, closed, reported, draft, act, document, image,
        editor.memberships.get(),
    )  # fmt: skip
    marks.plant(world)
    tallies.rebuild(closed.pk)  # the builders insert rows behind the stored counts
    ConsultationPage.objects.get(pk=hidden.consultation.page_id).save_revision()
    _fill(world)
    return world


def themes_answered(round: Round) -> None:
    """Put what the desks about themes show: a blind audit, drawn for two coders."""
    coders = [make_member(round.consultation.agency, Role.EDITOR) for _seat in range(2)]
    audit_draw(round=round, coders=coders, size=5, by=coders[0], now=NOW)


#: Desk -> the rounds whose state lets something be done there.
_AT: dict[str, tuple[str, ...]] = {
    "desk_round": ("hidden", "open", "closed", "reported"),
    "desk_round_dates": ("hidden",),
    "desk_round_announce": ("hidden",),
    "desk_round_extend": ("open",),
    "desk_round_withdraw": ("open",),
    "desk_offline": ("open", "closed"),
}


BULK = "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/"
_BULK_FILES = "add_tags add_to_collection delete"
_BULK_USERS = "assign_role delete set_active_state"
_VIEWS_OF_ONE = (
    "edit", "delete", "history", "history_results", "usage", "usage_results", "copy",
    "enable", "disable", "chosen", "preview_on_edit",
)  # fmt: skip


def _fill(world: World) -> None:
    hidden_page = ConsultationPage.objects.get(pk=world.hidden.consultation.page_id)
    consultation = world.closed.consultation
    question = world.open.questions.first()
    block = blocks_of(world.draft.latest_revision)[0]["id"]
    version = world.closed.consultation.draft.versions.get()
    restriction = CollectionViewRestriction.objects.filter(
        collection=world.document.collection
    ).first()
    files = [
        UploadedFile.objects.create(
            for_content_type=None,
            file=ContentFile(b"x", "up.txt"),
            uploaded_by_user=world.membership.user,
        )
    ]
    source = file_keep(name="ร่าง.txt", data=b"x", by=world.membership.user)
    source.draft = world.draft
    source.save()
    redirect = Redirect.objects.create(old_path="/old", redirect_link="/new")
    session = EditingSession.objects.create(
        user=world.membership.user,
        content_object=world.draft.page_ptr,
        last_seen_at=timezone.now(),
    )
    workflow, task = Workflow.objects.first(), Task.objects.first()
    group = Group.objects.filter(name__startswith="agency:").first()
    pages = [
        {
            "page_id": page.pk,
            "page_pk": page.pk,
            "page_to_move_id": page.pk,
            "revision_id": page.latest_revision_id or 1,
            "workflow_state_id": 1,
            "action_name": "approve",
            "task_state_id": 1,
        }
        for page in (world.draft, hidden_page)
    ]
    apps = [
        {"app_label": app, "app_name": app, "content_type_app_name": app,
         "model_name": model, "content_type_model_name": model}
        for app, model in (
            ("drafts", "draftpage"),
            ("consultations", "consultationpage"),
        )
    ]  # fmt: skip
    one = {
        "agency_id": world.agency.pk,
        "parent_page_id": world.agency.pk,
        "destination_id": world.agency.pk,
        "consultation_id": consultation.pk,
        "draft_id": world.draft.pk,
        "act_id": world.act.pk,
        "key": block,
        "provision_id": version.provisions.first().pk,
        "what": "question",
        "fmt": "json",
        "number": 1,
        "round_number": 1,
        "theme": 1,
        "document_id": world.document.pk,
        "doc_id": world.document.pk,
        "image_id": world.image.pk,
        "filter_spec": "max-8x8",
        "uploaded_file_id": files[0].pk,
        "file_id": source.pk,
        "redirect_id": redirect.pk,
        "restriction_id": restriction.pk if restriction else 1,
        "page_view_restriction_id": 1,
        "session_id": session.pk,
        "object_id": str(world.draft.pk),
        "collection_id": world.document.collection_id,
        "workflow_pk": workflow.pk if workflow else 1,
        "task_id": task.pk if task else 1,
        "uidb64": "MQ",
        "token": "x-x",
        "eid": version.provisions.filter(kind="section").first().eid,
        "name": "2026/x.pdf",
    }
    world.arguments = [
        pages,
        apps,
        [{"round_id": world.closed.pk}],
        [{"bucket": bucket} for bucket in Bucket.values],
        [{"slug": round.consultation.slug} for round in (world.reported, world.hidden)],
        [{"public_id": public_id} for public_id in world.comments],
        *([{name: value}] for name, value in one.items()),
    ]
    world.particular = _particular(world, group, workflow, task, question)
    world.queries = {
        "wagtailadmin_pages:search": ["q=ร่าง"],
        "wagtailadmin_pages:search_results": ["q=ร่าง"],
        "wagtailadmin_choose_page_search": ["q=ร่าง"],
        "wagtailadmin_choose_page_chosen_multiple": [f"id={world.draft.pk}"],
        "wagtailadmin_choose_page": ["", "page_type=drafts.draftpage"],
        "wagtaildocs_chooser:chosen_multiple": [f"id={world.document.pk}"],
        "wagtailimages_chooser:chosen_multiple": [f"id={world.image.pk}"],
        "wagtailadmin_api:pages:listing": ["", "for_explorer=1"],
        "wagtailadmin_api:pages:find": [f"id={world.draft.pk}"],
        "wagtailadmin_api:documents:find": [f"id={world.document.pk}"],
        "wagtailadmin_api:images:find": [f"id={world.image.pk}"],
        "wagtailadmin_tag_autocomplete": ["term=x"],
        "wagtailadmin_tag_model_autocomplete": ["term=x"],
        "search:search": ["q=ร่าง"],
        "receipt_find": [f"number={world.receipt}"],
    }
    page = world.draft.pk
    world.written = {
        "admin/login/": ["/admin/login/"],
        "^admin/password_reset/.+": ["/admin/password_reset/x/"],
        "admin/pages/^(\\d+)/revisions/compare/(live|earliest|\\d+)\\.\\.\\."
        "(live|latest|\\d+)/$": [
            f"/admin/pages/{page}/revisions/compare/earliest...latest/"
        ],
        "admin/^.*/$": ["/admin/no-such-door/"],
        "^documents/(\\d+)/(.*)$": [world.document.url],
        BULK: [
            f"/admin/bulk/{model}/{action}/?id={row.pk}"
            for model, row, actions in (
                ("wagtailcore/page", world.draft, "delete move publish unpublish"),
                ("wagtaildocs/document", world.document, _BULK_FILES),
                ("wagtailimages/image", world.image, _BULK_FILES),
                ("accounts/user", world.membership.user, _BULK_USERS),
            )
            for action in actions.split()
        ],
        "accounts/^confirm-email/(?P<key>[-:\\w]+)/$": [
            "/accounts/confirm-email/MQ:x/"
        ],
        "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": [
            "/accounts/password/reset/key/1-set-password/"
        ],
        "^((?:[\\w\\-]+/)*)$": [
            "/",
            *(
                f"/{world.agency.slug}/{p.slug}/"
                for p in (world.draft, consultation.page)
            ),
        ],
    }


def add_analysed_round(world: World) -> None:
    """Add a closed round with themes of a run, and a newer run that waits.

    An audit of its themes is coded and finished by both; another round's report is
    ready to be published.  The caller sets the pipeline.
    """
    round = make_round(world.agency, stage="closed", slug="analysed-law")
    make_comments(round, SAID)
    done(round)
    themes_answered(round)
    audit = round.blind_audits.get()
    for coder in audit.coders.all():
        for item in audit.items.all():
            code_save(
                audit=audit,
                position=item.position,
                code=Bucket.OTHER,
                by=coder.user,
                now=NOW,
            )
        coding_finish(audit=audit, by=coder.user, now=NOW)
    done(round)
    world.analysed = round
    OutboxEntry.objects.create(
        consumer="search", topic="page", object_id="1", created_at=NOW, parked_at=NOW
    )
    here, first = {"round_id": round.pk}, {"theme": 1, "number": 1}
    for name in ("undo", "adopt", "queue", "run"):
        world.particular[f"desk_themes_{name}"] = [here]
    world.particular["desk_audit_results"] = [here | first]
    for name in ("desk_themes", "desk_bucket"):
        world.particular[name] = [here, {"round_id": world.closed.pk}]
    ready = builders.ready(4, agency=world.agency)[0]
    for name in ("desk_report", "desk_report_publish"):
        world.particular[name] = [
            {"round_id": one.pk} for one in (ready, world.closed, world.reported)
        ]
    for name in ("desk_theme", "desk_theme_merge", "desk_theme_split"):
        world.particular[name] = [here | first, {"round_id": world.closed.pk} | first]
    world.queries |= {
        "desk_theme_merge": ["", "into=2"],
        "desk_theme_split": ["", "words=ควร"],
    }


def _particular(
    world: World, group: Any, workflow: Any, task: Any, question: Any
) -> dict[str, list[dict[str, Any]]]:
    """Say what ``pk`` and the like mean in each of Wagtail's rooms."""
    pages = (world.draft, world.hidden.consultation.page)
    pks: dict[str, Any] = {
        "wagtailadmin_collections": world.document.collection_id,
        "wagtailadmin_workflows": workflow.pk if workflow else 1,
        "memberships": world.membership.pk,
        "wagtailsites": Site.objects.get().pk,
        "wagtailusers_users": world.membership.user_id,
        "wagtailusers_groups": group.pk,
        "wagtailsettings": 1,
        "wagtaildocs_chooser": world.document.pk,
        "wagtailimages_chooser": world.image.pk,
    }
    found: dict[str, list[dict[str, Any]]] = {}
    for room, pk in pks.items():
        for view in _VIEWS_OF_ONE:
            found[f"{room}:{view}"] = [{"pk": pk}]
    for view in ("edit_task", "disable_task", "enable_task"):
        found[f"wagtailadmin_workflows:{view}"] = [{"pk": task.pk if task else 1}]
    found["wagtailadmin_api:pages:detail"] = [{"pk": p.pk} for p in pages]
    found["wagtailadmin_api:documents:detail"] = [{"pk": world.document.pk}]
    found["wagtailadmin_api:images:detail"] = [{"pk": world.image.pk}]
    counted = [{"key": "counted"}]
    for name in (
        "desk_report_list",
        "consultations:results_list",
        "consultations:report_list",
    ):
        found[name] = counted  # fmt: skip
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        found[name] = [{"pk": 1}]
    for name in ("draft_file", "draft_version_file"):
        found[f"consultations:{name}"] = [{"fmt": "txt"}]
    for name in ("respond", "respond_save", "provision"):
        found[f"consultations:{name}"] = [
            {"slug": round.consultation.slug} for round in (world.open, world.hidden)
        ]
    for name in ("drafts_version", "drafts_version_provision"):
        found[name] = [{"draft_id": world.closed.consultation.draft_id}]
    found["desk_round_remove"] = [{"pk": question.pk}]
    asked = ConfirmationRequest.objects.create(
        round=world.closed,
        act="publish",
        sha256="0" * 64,
        asked_by=world.membership.user,
        asked_at=NOW,
    )
    found["desk_round_request"] = [{"pk": asked.pk}]
    for name, rounds in _AT.items():
        found[name] = [{"round_id": getattr(world, round).pk} for round in rounds]
    found["desk_round_add"] = [
        {"round_id": round.pk, "what": what}
        for round in (world.hidden, world.closed)
        for what in PREPARATIONS
    ]
    method = world.closed.methods.first()
    found["desk_round_strike"] = [{"what": "method", "pk": method.pk}]
    found["consultations:agency"] = [{"slug": world.agency.slug}]
    found["consultations:receipt"] = [{"number": world.receipt}]
    found["wagtailadmin_api:pages:action"] = [
        {"pk": page.pk, "action_name": name}
        for page in pages
        for name in ("convert_alias", "copy", "delete", "publish", "unpublish", "move",
                     "copy_for_translation", "create_alias", "revert_to_page_revision")
    ]  # fmt: skip
    return found

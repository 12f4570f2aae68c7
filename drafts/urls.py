"""Addresses of drafting in the admin; ``wagtail_hooks`` puts them there."""

from __future__ import annotations

from django.urls import path

from drafts import (
    acts_desk,
    corrections_desk,
    outbox_desk,
    upload_desk,
    versions_desk,
    views,
)

_ONE = "drafts/<int:draft_id>/"
_BLOCK = f"{_ONE}blocks/<uuid:key>/"
_VERSION = f"{_ONE}versions/<int:number>/"

urlpatterns = [
    path("drafts/", views.index, name="drafts_index"),
    path("drafts/import/", upload_desk.draft_import, name="drafts_import"),
    path("drafts/files/<int:file_id>/", upload_desk.source_file, name="drafts_file"),
    path(f"{_ONE}outline/", views.draft_outline, name="drafts_outline"),
    path(f"{_ONE}details/", views.details, name="drafts_details"),
    path(f"{_ONE}freeze/", versions_desk.freeze, name="drafts_freeze"),
    path(f"{_ONE}versions/", versions_desk.versions, name="drafts_versions"),
    path(_VERSION, versions_desk.version, name="drafts_version"),
    path(
        f"{_VERSION}provisions/<int:provision_id>/",
        versions_desk.version_provision,
        name="drafts_version_provision",
    ),
    path(_BLOCK, views.block_edit, name="drafts_block"),
    path(f"{_BLOCK}remove/", views.block_remove, name="drafts_block_remove"),
    path(f"{_BLOCK}move/", views.block_move, name="drafts_block_move"),
    path(f"{_BLOCK}step/", views.block_step, name="drafts_block_step"),
    *(
        path(
            f"{_ONE}add-{kind}/",
            views.block_add,
            {"kind": kind},
            name=f"drafts_add_{kind}",
        )
        for kind in ("provision", "division", "part")
    ),
    path(f"{_ONE}correct/", corrections_desk.draft_correct, name="drafts_correct"),
    path(f"{_ONE}laws/", acts_desk.draft_laws, name="drafts_laws"),
    path("drafts/acts/", acts_desk.acts_index, name="drafts_acts"),
    path("drafts/acts/import/", acts_desk.act_import, name="drafts_act_import"),
    path("drafts/acts/<int:act_id>/", acts_desk.act, name="drafts_act"),
    path("outbox/", outbox_desk.index, name="outbox"),
]

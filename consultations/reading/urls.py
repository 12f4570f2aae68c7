"""Addresses of the public reader.  They never change."""

from __future__ import annotations

from django.urls import path, register_converter

from consultations.reading import comparison, files, versions, views

register_converter(files.FormatConverter, "draft_format")

urlpatterns = [
    path("consultations/", views.consultation_list, name="list"),
    path("consultations/<slug:slug>/", views.overview, name="overview"),
    path("consultations/<slug:slug>/questions/", views.questions, name="questions"),
    path(
        "consultations/<slug:slug>/questions/<int:number>/",
        views.question,
        name="question",
    ),
    path(
        "consultations/<slug:slug>/questions/round-<int:round_number>/",
        views.questions,
        name="questions_round",
    ),
    path(
        "consultations/<slug:slug>/questions/round-<int:round_number>/<int:number>/",
        views.question,
        name="question_round",
    ),
    path("consultations/<slug:slug>/changes/", versions.changes, name="changes"),
    path(
        "consultations/<slug:slug>/comparison/",
        comparison.comparison,
        name="comparison",
    ),
    path(
        "consultations/<slug:slug>/comparison/v<int:number>/",
        comparison.comparison,
        name="comparison_version",
    ),
    path(
        "consultations/<slug:slug>/consolidated/",
        comparison.consolidated,
        name="consolidated",
    ),
    path(
        "consultations/<slug:slug>/consolidated/v<int:number>/",
        comparison.consolidated,
        name="consolidated_version",
    ),
    path("consultations/<slug:slug>/comments/", views.whole_draft, name="whole_draft"),
    path(
        "consultations/<slug:slug>/comments/round-<int:round_number>/",
        views.whole_draft,
        name="whole_draft_round",
    ),
    path("consultations/<slug:slug>/draft/", views.draft, name="draft"),
    path(
        "consultations/<slug:slug>/draft/v<int:number>/",
        views.draft,
        name="draft_version",
    ),
    path(
        "consultations/<slug:slug>/draft.<draft_format:fmt>",
        files.draft_file,
        name="draft_file",
    ),
    path(
        "consultations/<slug:slug>/draft/v<int:number>.<draft_format:fmt>",
        files.draft_version_file,
        name="draft_version_file",
    ),
    path(
        "consultations/<slug:slug>/draft/<slug:eid>/", views.provision, name="provision"
    ),
    path(
        "consultations/<slug:slug>/draft/v<int:number>/<slug:eid>/",
        views.provision,
        name="provision_version",
    ),
    path(
        "consultations/<slug:slug>/draft/<slug:eid>/history/",
        versions.history,
        name="history",
    ),
    path(
        "consultations/<slug:slug>/draft/<slug:eid>/earlier/",
        versions.earlier,
        name="earlier",
    ),
    path(
        "consultations/<slug:slug>/draft/v<int:number>/<slug:eid>/history/",
        versions.history,
        name="history_version",
    ),
    path(
        "consultations/<slug:slug>/draft/v<int:number>/<slug:eid>/earlier/",
        versions.earlier,
        name="earlier_version",
    ),
    path("comments/<slug:public_id>/", views.comment, name="comment"),
    path("agencies/", views.agencies, name="agencies"),
    path("agencies/<slug:slug>/", views.agency, name="agency"),
]

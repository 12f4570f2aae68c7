"""Addresses of the process's desks in the admin; ``wagtail_hooks`` puts them there."""

from __future__ import annotations

from django.urls import path

from consultations.desk import (
    answers,
    blind_audit,
    confirmations,
    moderation,
    offline,
    report,
    rounds,
    themes,
    themes_overviews,
    themes_queue,
    themes_reshaping,
)
from consultations.report import urls as report_urls  # noqa: F401 - its converter

_ONE = "desk/rounds/<int:round_id>/"
_CONSULTATION = "desk/consultations/<int:consultation_id>/"
_MODERATION = "desk/<int:round_id>/moderation/"
_THEMES = "desk/<int:round_id>/themes/"
_THEME = f"{_THEMES}<int:number>/"
_AUDIT = "desk/<int:round_id>/audit/"
_ANSWERS = "desk/<int:round_id>/answers/"
_REPORT = "desk/<int:round_id>/report/"

urlpatterns = [
    path("desk/rounds/", rounds.index, name="desk_rounds"),
    path(
        "desk/agencies/<int:agency_id>/consultations/add/",
        rounds.consultation_add,
        name="desk_consultation_add",
    ),
    path("desk/agencies/<int:agency_id>/office/", rounds.office, name="desk_office"),
    path(_CONSULTATION, rounds.consultation_edit, name="desk_consultation"),
    path(f"{_CONSULTATION}new-round/", rounds.round_new, name="desk_round_new"),
    path(_ONE, rounds.round_detail, name="desk_round"),
    path(f"{_ONE}dates/", rounds.round_dates, name="desk_round_dates"),
    path(f"{_ONE}announce/", rounds.round_announce, name="desk_round_announce"),
    path(f"{_ONE}extend/", rounds.round_extend, name="desk_round_extend"),
    path(f"{_ONE}withdraw/", rounds.round_withdraw, name="desk_round_withdraw"),
    path(
        f"{_ONE}requests/<int:pk>/",
        confirmations.request_page,
        name="desk_round_request",
    ),
    path(f"{_ONE}complete/", rounds.round_complete, name="desk_round_complete"),
    path(f"{_ONE}add/<slug:what>/", rounds.preparation_add, name="desk_round_add"),
    path(
        f"{_ONE}remove/<slug:what>/<int:pk>/",
        rounds.preparation_remove,
        name="desk_round_remove",
    ),
    path(
        f"{_ONE}strike/<slug:what>/<int:pk>/",
        rounds.evidence_strike,
        name="desk_round_strike",
    ),
    path(_MODERATION, moderation.index, name="desk_moderation"),
    path(f"{_MODERATION}offline/", offline.enter, name="desk_offline"),
    path(
        f"{_MODERATION}<slug:public_id>/",
        moderation.comment,
        name="desk_moderation_comment",
    ),
    path(_THEMES, themes.index, name="desk_themes"),
    path(f"{_THEMES}run/", themes.run_act, name="desk_themes_run"),
    path(f"{_THEMES}undo/", themes.undo, name="desk_themes_undo"),
    path(f"{_THEMES}progress/", themes.progress, name="desk_themes_progress"),
    path(f"{_THEMES}adopt/", themes.adopt_run, name="desk_themes_adopt"),
    path(f"{_THEMES}history/", themes.history, name="desk_themes_history"),
    path(f"{_THEMES}map/", themes_overviews.theme_map, name="desk_themes_map"),
    path(f"{_THEMES}rules/", themes_overviews.rules, name="desk_themes_rules"),
    path(f"{_THEMES}parts/", themes_overviews.by_section, name="desk_themes_parts"),
    path(f"{_THEMES}queue/", themes_queue.queue, name="desk_themes_queue"),
    path(f"{_THEMES}themes.xlsx", themes.table, name="desk_themes_table"),
    path(_THEME, themes.theme, name="desk_theme"),
    path(f"{_THEME}merge/", themes_reshaping.merge, name="desk_theme_merge"),
    path(f"{_THEME}split/", themes_reshaping.split, name="desk_theme_split"),
    path(f"{_THEMES}<slug:bucket>/", themes.bucket, name="desk_bucket"),
    path(_AUDIT, blind_audit.index, name="desk_audit"),
    path(f"{_AUDIT}<int:number>/", blind_audit.results, name="desk_audit_results"),
    path(f"{_AUDIT}<int:number>/code/", blind_audit.code, name="desk_audit_code"),
    path(_ANSWERS, answers.index, name="desk_answers"),
    path(f"{_ANSWERS}<int:number>/", answers.answer, name="desk_answer"),
    path(_REPORT, report.report, name="desk_report"),
    path(f"{_REPORT}publish/", report.publish, name="desk_report_publish"),
    path(f"{_REPORT}progress/", report.progress, name="desk_report_progress"),
    path(f"{_REPORT}correct/", report.correct, name="desk_report_correct"),
    path(f"{_REPORT}preview/", report.preview, name="desk_report_preview"),
    path(
        "desk/<int:round_id>/report/preview.<report_format:fmt>",
        report.preview_file,
        name="desk_report_file",
    ),
    path(
        f"{_REPORT}preview/list/<path:key>/",
        report.preview_list,
        name="desk_report_list",
    ),
]

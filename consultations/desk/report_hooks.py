"""Put the desk of the response report into the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from consultations.desk import report
from consultations.report import urls  # noqa: F401 - registers the converter


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    base = "desk/<int:round_id>/report"
    return [
        path(f"{base}/", report.report, name="desk_report"),
        path(f"{base}/publish/", report.publish, name="desk_report_publish"),
        path(f"{base}/progress/", report.progress, name="desk_report_progress"),
        path(f"{base}/correct/", report.correct, name="desk_report_correct"),
        path(f"{base}/posting/", report.posting, name="desk_report_posting"),
        path(f"{base}/preview/", report.preview, name="desk_report_preview"),
        path(
            f"{base}/preview.<report_format:fmt>",
            report.preview_file,
            name="desk_report_file",
        ),
        path(
            f"{base}/preview/list/<path:key>/",
            report.preview_list,
            name="desk_report_list",
        ),
    ]

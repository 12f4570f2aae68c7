"""Addresses of the results; they never change.

``results/`` is the newest report, ``results-1-2/`` the second report of the first round
for ever.  Both stand at the same depth, because frozen pages link relatively.
"""

from __future__ import annotations

from django.urls import path, register_converter

from consultations.report import views


class FormatConverter:
    regex = "pdf|docx|json|xlsx|csv"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "report_format")

_NEWEST = "consultations/<slug:slug>/results"
_ONE = f"{_NEWEST}-<int:round_number>-<int:number>"

urlpatterns = [
    path(f"{_NEWEST}/", views.results, name="results"),
    path(f"{_NEWEST}.<report_format:fmt>", views.results_file, name="results_file"),
    path(f"{_NEWEST}/list/<path:key>/", views.results_list, name="results_list"),
    path(f"{_NEWEST}/themes/<int:theme>/", views.results_theme, name="results_theme"),
    path(f"{_ONE}/", views.results, name="report"),
    path(f"{_ONE}.<report_format:fmt>", views.results_file, name="report_file"),
    path(f"{_ONE}/list/<path:key>/", views.results_list, name="report_list"),
    path(f"{_ONE}/themes/<int:theme>/", views.results_theme, name="report_theme"),
]

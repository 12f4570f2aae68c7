"""Put the workbench of themes and the desk of answers into the Wagtail admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from consultations.desk import (
    answers,
    themes,
    themes_overviews,
    themes_queue,
    themes_reshaping,
)


@hooks.register("register_admin_urls")
def theme_urls() -> list[URLPattern]:
    one = "desk/<int:round_id>/themes/"
    theme = f"{one}<int:number>/"
    return [
        path(one, themes.index, name="desk_themes"),
        path(f"{one}run/", themes.run_act, name="desk_themes_run"),
        path(f"{one}undo/", themes.undo, name="desk_themes_undo"),
        path(f"{one}progress/", themes.progress, name="desk_themes_progress"),
        path(f"{one}adopt/", themes.adopt_run, name="desk_themes_adopt"),
        path(f"{one}history/", themes.history, name="desk_themes_history"),
        path(f"{one}map/", themes_overviews.theme_map, name="desk_themes_map"),
        path(f"{one}rules/", themes_overviews.rules, name="desk_themes_rules"),
        path(f"{one}parts/", themes_overviews.by_section, name="desk_themes_parts"),
        path(f"{one}queue/", themes_queue.queue, name="desk_themes_queue"),
        path(f"{one}themes.xlsx", themes.table, name="desk_themes_table"),
        path(theme, themes.theme, name="desk_theme"),
        path(f"{theme}merge/", themes_reshaping.merge, name="desk_theme_merge"),
        path(f"{theme}split/", themes_reshaping.split, name="desk_theme_split"),
        path(f"{one}<slug:bucket>/", themes.bucket, name="desk_bucket"),
        path("desk/<int:round_id>/answers/", answers.index, name="desk_answers"),
        path(
            "desk/<int:round_id>/answers/<int:number>/",
            answers.answer,
            name="desk_answer",
        ),
    ]

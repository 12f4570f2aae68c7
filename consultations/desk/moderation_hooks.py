"""Put the desk of moderation into the Wagtail admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from consultations.desk import moderation, offline


@hooks.register("register_admin_urls")
def moderation_urls() -> list[URLPattern]:
    base = "desk/<int:round_id>/moderation/"
    return [
        path(base, moderation.index, name="desk_moderation"),
        path(f"{base}offline/", offline.enter, name="desk_offline"),
        path(
            f"{base}<slug:public_id>/",
            moderation.comment,
            name="desk_moderation_comment",
        ),
    ]

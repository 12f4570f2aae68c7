"""Put the desk of the blind audit into the Wagtail admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from consultations.desk import blind_audit


@hooks.register("register_admin_urls")
def audit_urls() -> list[URLPattern]:
    base = "desk/<int:round_id>/audit/"
    one = f"{base}<int:number>/"
    return [
        path(base, blind_audit.index, name="desk_audit"),
        path(one, blind_audit.results, name="desk_audit_results"),
        path(f"{one}code/", blind_audit.code, name="desk_audit_code"),
    ]

"""Put the desk of consultations and rounds into the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from consultations import policies
from consultations.desk import rounds


@hooks.register("register_admin_urls")
def round_urls() -> list[URLPattern]:
    one = "desk/rounds/<int:round_id>/"
    consultation = "desk/consultations/<int:consultation_id>/"
    return [
        path("desk/rounds/", rounds.index, name="desk_rounds"),
        path(
            "desk/agencies/<int:agency_id>/consultations/add/",
            rounds.consultation_add,
            name="desk_consultation_add",
        ),
        path(consultation, rounds.consultation_edit, name="desk_consultation"),
        path(f"{consultation}new-round/", rounds.round_new, name="desk_round_new"),
        path(one, rounds.round_detail, name="desk_round"),
        path(f"{one}dates/", rounds.round_dates, name="desk_round_dates"),
        path(f"{one}announce/", rounds.round_announce, name="desk_round_announce"),
        path(f"{one}extend/", rounds.round_extend, name="desk_round_extend"),
        path(f"{one}withdraw/", rounds.round_withdraw, name="desk_round_withdraw"),
        path(f"{one}complete/", rounds.round_complete, name="desk_round_complete"),
        path(f"{one}add/<slug:what>/", rounds.preparation_add, name="desk_round_add"),
        path(
            f"{one}remove/<slug:what>/<int:pk>/",
            rounds.preparation_remove,
            name="desk_round_remove",
        ),
    ]


class DeskMenuItem(MenuItem):
    """A menu item for whoever has a role in some agency."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(policies.agency_ids(request.user))


@hooks.register("register_admin_menu_item")
def rounds_menu_item() -> MenuItem:
    return DeskMenuItem(
        _("การรับฟัง"), reverse("desk_rounds"), icon_name="group", order=120
    )

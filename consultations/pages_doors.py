"""Which of Wagtail's own doors are open, and to whom.

Wagtail brings some two hundred addresses.  What this product uses is listed here; every
other door of Wagtail's, also one that a later release adds, answers 404 to everybody:
what nobody needs is closed rather than guarded.  Pages and files behind an open door
are held to their agency by ``pages_guard``.
"""

from __future__ import annotations

from typing import Any

from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve
from django.views.generic import RedirectView

_PAGES, _DOCS, _IMAGES = "wagtailadmin_pages:", "wagtaildocs:", "wagtailimages:"
_DOCS_CHOOSER, _IMAGES_CHOOSER = "wagtaildocs_chooser:", "wagtailimages_chooser:"


def _named(prefix: str, names: str) -> set[str]:
    return {prefix + name for name in names.split()}


#: Doors that only show; a superuser may use them on any agency's pages and files.
READING = (
    _named("wagtailadmin_", "explore explore_results choose_page_child")
    | _named(_PAGES, "view_draft revisions_index revisions_view revisions_compare")
    | _named(_PAGES, "history history_results usage")
    | _named(_DOCS, "document_usage")
    | _named(_IMAGES, "image_usage preview")
    | _named(_DOCS_CHOOSER, "chosen chosen_multiple")
    | _named(_IMAGES_CHOOSER, "chosen chosen_multiple select_format")
    | {"wagtailadmin_api:pages:detail", "wagtailadmin_choose_page_chosen_multiple"}
)
#: Doors for whoever may enter the admin.
FOR_STAFF = (
    READING
    | _named("wagtailadmin_", "home account logout login sprite dismissibles")
    | _named("wagtailadmin_", "javascript_catalog explore_root choose_page")
    | _named("wagtailadmin_choose_page_", "search external_link")
    | _named("wagtailadmin_choose_page_", "email_link phone_link anchor_link")
    | _named("wagtailadmin_api:", "pages:listing")
    | _named("wagtailadmin_editing_sessions:", "ping release")
    | _named(_PAGES, "add preview_on_add")
    | _named(_PAGES, "edit preview_on_edit add_subpage delete unpublish")
    | _named(_PAGES, "search search_results revisions_revert")
    | _named(_DOCS, "index index_results add edit delete add_multiple edit_multiple")
    | _named(_DOCS, "create_multiple_from_uploaded_document delete_multiple")
    | _named(_DOCS, "delete_upload_multiple")
    | _named(_IMAGES, "index index_results add edit delete add_multiple edit_multiple")
    | _named(_IMAGES, "create_multiple_from_uploaded_image delete_multiple")
    | _named(_IMAGES, "delete_upload_multiple")
    | _named(_DOCS_CHOOSER, "choose choose_results create")
    | _named(_IMAGES_CHOOSER, "choose choose_results create")
)
#: Doors for those who look after the installation.
FOR_SUPERUSERS = (
    _named("wagtailusers_users:", "index index_results add edit delete")
    | _named("wagtailusers_users:", "history history_results")
    | _named("wagtailusers_groups:", "index index_results")
    | _named("wagtailsites:", "index index_results add edit delete")
    | _named("wagtailsites:", "history history_results")
    | _named("wagtailadmin_reports:", "site_history site_history_results")
)
#: The one door whose address names what it does: (app, model) -> actions.
BULK = {("wagtailcore", "page"): {"delete", "unpublish"}}


_OURS = frozenset({"drafts", "comments", "consultations", "search", "cms"})


def is_ours(module: str) -> bool:
    """Tell whether a module is one of this house, not of a library."""
    return module.partition(".")[0] in _OURS


def is_open(user: Any, match: ResolverMatch) -> bool:
    """Tell whether an address of the admin leads anywhere for a member of staff.

    Our own desks (not of Wagtail's modules) have their own rules and are open here.
    """
    name = match.view_name
    if name == "wagtail_bulk_action":
        given = match.kwargs
        return given["action"] in BULK.get(
            (given["app_label"], given["model_name"]), ()
        )
    if name in FOR_SUPERUSERS:
        return user.is_superuser
    return name in FOR_STAFF or not _is_wagtails(match)


def _is_wagtails(match: ResolverMatch) -> bool:
    """Tell whether a view comes with Wagtail, by itself or in one of its viewsets."""
    if "memberships" in match.namespaces:
        return False  # our viewset, with Wagtail's views (desk/members.py)
    view = getattr(match.func, "view_class", match.func)
    if view is RedirectView:
        return False  # leads to another door, which is asked in its turn
    return not is_ours(view.__module__)


def leads_somewhere(user: Any, url: str) -> bool:
    """Tell whether a menu may offer an address to a member of staff."""
    try:
        match = resolve(f"/{url.removeprefix(get_script_prefix())}")
    except Resolver404:
        return True  # no address of the admin: a group of others, or another site
    return is_open(user, match)

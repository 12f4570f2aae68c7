"""Who may open and who may change something at each address, written by hand.

Kept apart from the product's own tables (policies, pages_doors): a change of who may do
what must be made twice.  One letter a person, see ``PEOPLE``; the pairs are (who is
shown something on GET, who can store something by POST).  An address of Wagtail's that
is not named is closed to everybody.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import resolve

#: letter -> who it is; capitals belong to the agency that owns everything.
PEOPLE = {
    "N": "nobody, not signed in",
    "C": "a citizen with an account",
    "E": "editor",
    "A": "approver",
    "M": "moderator",
    "U": "auditor",
    "e": "editor of another agency",
    "a": "approver of another agency",
    "m": "moderator of another agency",
    "u": "auditor of another agency",
    "S": "superuser without a membership",
}
ALL = "".join(PEOPLE)
KNOWN = ALL.replace("N", "")
OWN, WRITERS, ANY_WRITER, ANY_STAFF = "EAMU", "EA", "EAea", "EAMUeamuS"
NONE = ""
Rights = tuple[str, str]


def _named(prefix: str, names: str, rights: Rights) -> dict[str, Rights]:
    return {prefix + name: rights for name in names.split()}


DESK: dict[str, Rights] = {
    "desk_rounds": ("EAMUeamu", NONE),
    "desk_consultation_add": (WRITERS, WRITERS),
    "desk_office": ("A", "A"),
    "desk_consultation": (OWN, WRITERS),
    "desk_round_new": (NONE, WRITERS),
    "desk_round": (OWN, NONE),
    "desk_round_dates": (WRITERS, WRITERS),
    "desk_round_announce": (WRITERS, WRITERS),
    "desk_round_extend": (WRITERS, WRITERS),
    "desk_round_withdraw": (WRITERS, WRITERS),
    "desk_round_request": (OWN, "A"),
    "desk_round_complete": ("A", "A"),
    "desk_round_add": (WRITERS, WRITERS),
    "desk_round_remove": (NONE, WRITERS),
    "desk_round_strike": (WRITERS, WRITERS),
    "desk_moderation": (OWN, "M"),
    "desk_offline": ("EM", "EM"),
    "desk_moderation_comment": (OWN, "M"),
    "desk_themes": (OWN, NONE),
    "desk_themes_run": (NONE, WRITERS),
    "desk_themes_undo": (NONE, WRITERS),
    "desk_themes_progress": (OWN, NONE),
    "desk_themes_adopt": (OWN, WRITERS),
    "desk_themes_history": (OWN, NONE),
    "desk_themes_map": (OWN, NONE),
    "desk_themes_rules": (OWN, NONE),
    "desk_themes_parts": (OWN, NONE),
    "desk_themes_queue": (OWN, WRITERS),
    "desk_themes_table": (OWN, NONE),
    "desk_theme": (OWN, WRITERS),
    "desk_theme_merge": (OWN, WRITERS),
    "desk_theme_split": (OWN, WRITERS),
    "desk_bucket": (OWN, WRITERS),
    "desk_audit": (OWN, WRITERS),
    "desk_audit_results": (OWN, NONE),
    # the editor is one of the two who code the sample
    "desk_audit_code": ("E", "E"),
    "desk_answers": (OWN, NONE),
    "desk_answer": (OWN, WRITERS),
    "desk_report": (OWN, WRITERS),
    "desk_report_publish": (NONE, WRITERS),
    "desk_report_progress": (OWN, NONE),
    "desk_report_correct": (NONE, WRITERS),
    "desk_report_preview": (OWN, NONE),
    "desk_report_file": (OWN, NONE),
    "desk_report_list": (OWN, NONE),
}
DRAFTS: dict[str, Rights] = {
    "drafts_index": (ANY_WRITER, NONE),
    "drafts_import": (ANY_WRITER, ANY_WRITER),
    "drafts_file": (WRITERS, NONE),
    "drafts_block_step": (NONE, WRITERS),
    "drafts_outline": (WRITERS, NONE),
    "drafts_versions": (WRITERS, NONE),
    "drafts_version": (WRITERS, NONE),
    "drafts_acts": (ANY_WRITER, NONE),
    "drafts_act": (ANY_WRITER, NONE),
    "drafts_act_import": (ANY_WRITER, ANY_WRITER),
    **_named(
        "drafts_",
        """details freeze version_provision block block_remove block_move add_provision
        add_division add_part correct laws""",
        (WRITERS, WRITERS),
    ),
}


_READ = (WRITERS + "S", NONE)
_UPLOAD = (ANY_WRITER + "S", ANY_WRITER + "S")
WAGTAIL: dict[str, Rights] = {
    "wagtailadmin_home": (ANY_STAFF, NONE),
    "wagtailadmin_account": (ANY_STAFF, ANY_STAFF),
    "wagtailadmin_logout": (NONE, NONE),
    "wagtailadmin_dismissibles": (ANY_STAFF, NONE),
    "wagtailadmin_api:pages:listing": (ANY_STAFF, NONE),
    "wagtailadmin_explore_root": (ANY_WRITER + "S", NONE),
    "wagtailadmin_sprite": (ALL, NONE),
    "wagtailadmin_javascript_catalog": (ALL, NONE),
    "bulk wagtailcore/page/delete": (WRITERS, WRITERS),
    "bulk wagtailcore/page/unpublish": (WRITERS, NONE),  # the draft is not public
    "outbox": ("S", "S"),
    **_named("wagtailadmin_", "explore explore_results choose_page_child", _READ),
    "wagtailadmin_choose_page_chosen_multiple": _READ,
    **_named(
        "wagtailadmin_choose_",
        """page page_search page_external_link page_email_link page_phone_link
        page_anchor_link""",
        (ANY_STAFF, NONE),
    ),
    "wagtailadmin_api:pages:detail": _READ,
    **_named(
        "wagtailadmin_pages:",
        "usage revisions_index revisions_compare history history_results",
        _READ,
    ),
    **_named("wagtailadmin_pages:", "search search_results", (ANY_WRITER + "S", NONE)),
    **_named("wagtailadmin_pages:", "preview_on_add preview_on_edit add_subpage",
             (WRITERS, NONE)),
    **_named("wagtailadmin_pages:", "add edit delete unpublish revisions_revert",
             (WRITERS, WRITERS)),
    **_named("wagtaildocs:", "index index_results", (ANY_WRITER + "S", NONE)),
    **_named("wagtaildocs:", "add add_multiple", _UPLOAD),
    "wagtaildocs:edit": (WRITERS, WRITERS),
    "wagtaildocs:delete": (WRITERS, WRITERS),
    "wagtaildocs:edit_multiple": (NONE, WRITERS),
    "wagtaildocs:delete_multiple": (NONE, WRITERS),
    "wagtaildocs:document_usage": _READ,
    **_named("wagtailimages:", "index index_results", (ANY_WRITER + "S", NONE)),
    **_named("wagtailimages:", "add add_multiple", _UPLOAD),
    "wagtailimages:edit": (WRITERS, WRITERS),
    "wagtailimages:delete": (WRITERS, WRITERS),
    "wagtailimages:edit_multiple": (NONE, WRITERS),
    "wagtailimages:delete_multiple": (NONE, WRITERS),
    **_named("wagtailimages:", "preview image_usage", _READ),
    **_named("wagtaildocs_chooser:", "choose choose_results", (ANY_STAFF, NONE)),
    **_named("wagtaildocs_chooser:", "chosen chosen_multiple", _READ),
    "wagtaildocs_chooser:create": _UPLOAD,
    **_named("wagtailimages_chooser:", "choose choose_results", (ANY_STAFF, NONE)),
    **_named("wagtailimages_chooser:", "chosen chosen_multiple select_format", _READ),
    "wagtailimages_chooser:create": _UPLOAD,
    **_named("memberships:", "index index_results history history_results usage",
             ("S", NONE)),
    **_named("memberships:", "add edit delete", ("S", "S")),
    **_named("wagtailsites:", "index index_results history history_results",
             ("S", NONE)),
    **_named("wagtailsites:", "add edit delete", ("S", "S")),
    **_named("wagtailusers_users:", "index index_results history history_results",
             ("S", NONE)),
    **_named("wagtailusers_users:", "add edit delete", ("S", "S")),
    **_named("wagtailusers_groups:", "index index_results", ("S", NONE)),
    **_named("wagtailadmin_reports:", "site_history site_history_results",
             ("S", NONE)),
}  # fmt: skip
_PUBLIC = (ALL, NONE)
#: Each is asked of what is public; what is not announced is closed to everybody.
PUBLIC: dict[str, Rights] = {
    **_named(
        "consultations:",
        """respond receipt_find receipt list overview results results_file results_list
        results_theme report report_file report_list report_theme questions question
        questions_round question_round changes comparison comparison_version
        consolidated consolidated_version whole_draft whole_draft_round draft
        draft_version draft_file draft_version_file provision provision_version history
        earlier history_version earlier_version comment agencies agency""",
        _PUBLIC,
    ),
    "consultations:respond": (ALL, ALL),
    "consultations:respond_save": (NONE, ALL),
    # the number of a receipt is its bearer's, whoever that is
    "consultations:receipt_withdraw": (NONE, ALL),
    "consultations:receipt_erase": (NONE, ALL),
    "search:search": _PUBLIC,
    "wagtail_serve": _PUBLIC,
    "wagtaildocs_serve": _READ,
    "account_login": ("NC", NONE),
    "account_signup": ("NC", "N"),
    "account_logout": (ALL, NONE),
    "account_inactive": _PUBLIC,
    "account_email_verification_sent": _PUBLIC,
    "account_reset_password": _PUBLIC,
    "account_reset_password_done": _PUBLIC,
    "account_reset_password_from_key": _PUBLIC,
    "account_reset_password_from_key_done": _PUBLIC,
    "account_confirm_email": _PUBLIC,
    "account_reauthenticate": (KNOWN, NONE),
    "account_email": (KNOWN, KNOWN),
    "account_change_password": (KNOWN, NONE),
    **_named(
        "mfa_",
        """index list_webauthn activate_totp generate_recovery_codes add_webauthn""",
        (KNOWN, NONE),
    ),
}
RIGHTS = DESK | DRAFTS | WAGTAIL | PUBLIC


def key_of(url: str) -> str:
    """Return what an address is called in these tables."""
    match = resolve(urlsplit(url).path)
    if match.view_name == "wagtail_bulk_action":
        return "bulk {app_label}/{model_name}/{action}".format(**match.kwargs)
    return match.view_name or match.route

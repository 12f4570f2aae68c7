"""What of this app the database refuses to change (see drafts/frozen.py)."""

from drafts.frozen import FrozenTable

FROZEN = [
    FrozenTable(
        "comments_submission",
        columns=("round_id", "receipt", "client_token", "channel", "received_at"),
    ),
    FrozenTable(
        "comments_comment",
        columns=(
            "submission_id",
            "round_id",
            "provision_id",
            "question_id",
            "whole_draft",
            "stance",
            "stance_source",
            "late",
            "public_id",
            "received_at",
        ),
    ),
    FrozenTable("comments_commenttext"),
    FrozenTable("comments_moderationevent"),
    FrozenTable("comments_ledgerentry"),
    FrozenTable("comments_themeevent"),
    FrozenTable("comments_worknote"),
    FrozenTable("comments_blindaudit"),
    FrozenTable("comments_audititem"),
    FrozenTable("comments_auditcoder"),
    FrozenTable("comments_auditcode"),
    FrozenTable("comments_auditfinish"),
]

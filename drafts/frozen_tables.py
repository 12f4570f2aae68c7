"""What of this app the database refuses to change (see drafts/frozen.py)."""

from drafts.frozen import FrozenTable

_SEALED = (
    "EXISTS (SELECT 1 FROM drafts_draftversion v "
    "WHERE v.id = {row}.version_id AND v.sealed)"
)

_ACT_SEALED = (
    "EXISTS (SELECT 1 FROM drafts_act a WHERE a.id = {row}.act_id AND a.sealed)"
)

FROZEN = [
    FrozenTable("drafts_act", when="OLD.sealed"),
    FrozenTable(
        "drafts_actprovision",
        when=_ACT_SEALED.format(row="OLD"),
        insert=_ACT_SEALED.format(row="NEW"),
    ),
    FrozenTable("drafts_draftversion", when="OLD.sealed"),
    FrozenTable(
        "drafts_provision",
        when=_SEALED.format(row="OLD"),
        insert=_SEALED.format(row="NEW"),
    ),
    FrozenTable(
        "drafts_targetclause",
        when=_SEALED.format(row="OLD"),
        insert=_SEALED.format(row="NEW"),
    ),
    FrozenTable("drafts_provisionnote"),
    FrozenTable("drafts_provisionmatch"),
    FrozenTable("drafts_auditentry"),
]

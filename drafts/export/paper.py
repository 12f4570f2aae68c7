"""A law as HTML for paper: laid out as in the Gazette (css/draft-print.css).

A section's label is a heading and runs into the first paragraph, so a tagged PDF has
the whole outline.  Everything is escaped here; nothing of a reader's request is used.
"""

from __future__ import annotations

from html import escape

from drafts.export.text import document_nodes
from drafts.law.printed import PrintedLine, printed_lines
from drafts.law.structure import (
    Division,
    LawText,
    Part,
    PartKind,
    Provision,
    ProvisionKind,
)

_DEEPEST_DIVISION = 4  # h2 to h4; a section is h5 whatever it stands in
_CLASS = {
    PartKind.TITLE: "title",
    PartKind.COUNTERSIGNATURE: "sign",
    PartKind.SCHEDULE: "schedule",
}
_HEADED = frozenset({PartKind.MEMORANDUM, PartKind.SCHEDULE})


def write_paper(law: LawText, *, edition: str) -> str:
    """Return the document; ``edition`` is said at the foot of every page."""
    pieces = [
        '<!doctype html><html lang="th"><head><meta charset="utf-8">',
        f"<title>{escape(law.title)}</title></head><body>",
        f'<p class="edition">{escape(edition)}</p>',
    ]
    depth: dict[str, int] = {}
    titled = False
    for node in document_nodes(law):
        if isinstance(node, Division):
            depth[node.eid] = depth.get(node.parent_eid, 1) + 1
            level = min(depth[node.eid], _DEEPEST_DIVISION)
            lines = [escape(part) for part in (node.label, node.name) if part]
            pieces.append(f"<h{level}>{'<br>'.join(lines)}</h{level}>")
        elif isinstance(node, Provision):
            pieces.append(_provision(node))
        else:
            pieces.append(_part(node, first=not titled))
            titled = titled or node.kind is PartKind.TITLE
    return "".join([*pieces, "</body></html>"])


def _part(part: Part, *, first: bool) -> str:
    lines = [escape(line) for line in part.text.split("\n")]
    if part.kind is PartKind.TITLE:
        # A code that an act puts into force has a title of its own, lower down.
        tag = "h1" if first else "h2"
        return f"<{tag}>{'<br>'.join(lines)}</{tag}>"
    heading = f"<h2>{lines.pop(0)}</h2>" if part.kind in _HEADED else ""
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f'{heading}<div class="{_CLASS.get(part.kind, "part")}">{body}</div>'


def _provision(provision: Provision) -> str:
    word = "ข้อ" if provision.kind is ProvisionKind.CLAUSE else "มาตรา"
    label = f"<h5>{word}\u00a0{escape(provision.label)}</h5>"
    lines = printed_lines(provision.paragraphs, provision.text)
    if not lines:
        return f'<div class="head">{label}</div>'
    first, rest = lines[0], lines[1:]
    return (
        f'<div class="head">{label}\u2002<p>{escape(first.text)}</p></div>'
        f"{''.join(map(_line, rest))}"
    )


def _line(line: PrintedLine) -> str:
    return f'<p class="l{line.level}">{escape(line.text)}</p>'

"""A law as plain text: the frozen words, byte for byte, and nothing of ours."""

from __future__ import annotations

from dataclasses import replace

from drafts.law.parse import to_text
from drafts.law.structure import LawText, Node, Part, PartKind


def document_nodes(law: LawText) -> tuple[Node, ...]:
    """Return what a person reads, in order: a title, and headings where they stood."""
    nodes = tuple(_with_heading(node) for node in law.nodes)
    if any(isinstance(n, Part) and n.kind is PartKind.TITLE for n in nodes):
        return nodes
    return (Part(PartKind.TITLE, law.title, 0), *nodes)


def _with_heading(node: Node) -> Node:
    """Put a part's heading before its text, unless the text begins with it already."""
    if isinstance(node, Part) and not node.text.startswith(node.heading):
        return replace(node, text=f"{node.heading}\n{node.text}")
    return node


def write_text(law: LawText) -> bytes:
    """Return UTF-8 text without a mark, one paragraph or item a line."""
    return to_text(replace(law, nodes=document_nodes(law))).encode()

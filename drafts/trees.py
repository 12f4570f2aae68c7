"""The stored tree of a provision (``Provision.paragraphs``) as dataclasses."""

from __future__ import annotations

from typing import Any

from drafts.law.structure import Item, Paragraph


def paragraphs_of(stored: list[dict[str, Any]]) -> tuple[Paragraph, ...]:
    """Return the paragraphs and items that a JSON tree holds."""
    return tuple(
        Paragraph(node["eid"], node.get("text", ""), _items(node)) for node in stored
    )


def _items(node: dict[str, Any]) -> tuple[Item, ...]:
    return tuple(
        Item(item["eid"], item.get("label", ""), item.get("text", ""), _items(item))
        for item in node.get("items") or []
    )


def stored_paragraphs(paragraphs: tuple[Paragraph, ...]) -> list[dict[str, Any]]:
    """Return paragraphs and items as the JSON tree that is stored."""
    return [
        {"eid": one.eid, "text": one.text, "items": _stored_items(one.items)}
        for one in paragraphs
    ]


def _stored_items(items: tuple[Item, ...]) -> list[dict[str, Any]]:
    return [
        {
            "eid": item.eid,
            "label": item.label,
            "text": item.text,
            "items": _stored_items(item.items),
        }
        for item in items
    ]

"""Find the title of a document and the kind of instrument it is."""

from __future__ import annotations

import re

from drafts.law.structure import LawKind, Node, Part, PartKind, Provision

_CALLED = re.compile(r"เรียกว่า\s*[“\"]?\s*([^”\"]{4,400}?)\s*(?:[”\"]|$)", re.MULTILINE)
_KINDS: tuple[tuple[str, LawKind], ...] = (
    (r"(?:ร่าง)?\s*พระราชบัญญัติประกอบรัฐธรรมนูญ", LawKind.ORGANIC_ACT),
    (
        r"(?:ร่าง)?\s*(?:พระราชบัญญัติธรรมนูญการปกครอง|รัฐธรรมนูญ|ธรรมนูญการปกครอง)",
        LawKind.CONSTITUTION,
    ),
    (r"(?:ร่าง)?\s*พระราชบัญญัติ", LawKind.ACT),
    (r"(?:ร่าง)?\s*(?:ประมวล|พระธรรมนูญ)", LawKind.CODE),
    (r"(?:ร่าง)?\s*พระราชกำหนด", LawKind.EMERGENCY_DECREE),
    (r"(?:ร่าง)?\s*พระราชกฤษฎีกา", LawKind.ROYAL_DECREE),
    (r"(?:ร่าง)?\s*กฎ(?:กระทรวง|สำนัก|\s*ก)", LawKind.MINISTERIAL_REGULATION),
    (r"(?:ร่าง)?\s*(?:ระเบียบ|ข้อบังคับ|ข้อกำหนด|ข้อบัญญัติ|เทศบัญญัติ)", LawKind.REGULATION),
    (r"(?:ร่าง)?\s*(?:ประกาศ|คำสั่ง)", LawKind.NOTIFICATION),
)
_YEAR = re.compile(r"(?:พ\.\s?ศ\.|พุทธศักราช)\s*(?:[๐-๙0-9]{4}|\.{2,})")
#: Lines of a title block that are set apart by a space when it is put on one line.
_STARTS_APART = re.compile(
    r"พ\.|พุทธ|พระพุทธ|\(|แก้ไข|ฉบับที่|ที่\s*[๐-๙0-9]|เรื่อง|ลงวันที่|[๐-๙0-9]|ว่าด้วย$"
)
_ENDS_APART = re.compile(r"(?:ฉบับที่|เรื่อง|พ\.ศ\.|พุทธศักราช|ลงวันที่|[ ]ที่)$")
#: พระราชบัญญัติ / ว่าด้วย… is one word; ระเบียบสำนัก… / ว่าด้วย… is two.
_BARE_KIND = re.compile(
    r"(?:พระราชบัญญัติ|พระราชกำหนด|พระราชกฤษฎีกา|กฎกระทรวง|พระราชบัญญัติประกอบรัฐธรรมนูญ)$"
)
_STARTS = re.compile("|".join(pattern for pattern, _ in _KINDS))


def find_kind(title: str) -> LawKind:
    """Tell the kind of instrument from its title."""
    for pattern, kind in _KINDS:
        if re.match(pattern, title):
            return kind
    return LawKind.OTHER


def find_title(nodes: list[Node], prefix: str) -> str:
    """Give the title as the instrument itself prints it, on one line."""
    block = ""
    for node in nodes:
        if isinstance(node, Part) and node.kind is PartKind.TITLE:
            found = _from_block(node.text)
            block = found or block
            if isinstance(node, Provision):
                break
    called = _from_first_sections(nodes)
    draft = bool(re.match(r"ร่าง", block))
    if called and (not block or _plain(called) != _plain(block)):
        return f"ร่าง{called}" if draft and not called.startswith("ร่าง") else called
    return block or called


def _plain(title: str) -> str:
    return re.sub(r"\s|^ร่าง", "", title)


def _from_first_sections(nodes: list[Node]) -> str:
    main = [
        node
        for node in nodes
        if isinstance(node, Provision) and not node.eid.startswith("cmp_")
    ]
    for provision in main[:3]:
        match = _CALLED.search(provision.text[:600])
        if match and _STARTS.match(match[1]):
            return " ".join(match[1].split())
    return ""


def _from_block(text: str) -> str:
    """Join the lines of a title block: ``ร่าง / พระราชบัญญัติ / ชื่อ / พ.ศ. ....``."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    lines = [line for line in lines if line.strip(".… ")]
    for index, line in enumerate(lines[:-1]):
        if _STARTS.match(lines[index + 1]) and lines[index + 1].startswith(line):
            lines[index] = ""  # the kind printed alone above the full title
    lines = [line for line in lines if line]
    start = next((i for i, line in enumerate(lines) if _STARTS.match(line)), None)
    if start is None:
        return " ".join(lines[:2]) if lines else ""
    pieces: list[str] = []
    if start and lines[start - 1] == "ร่าง":
        pieces.append("ร่าง")
    for line in lines[start : start + 6]:
        pieces.append(line)
        if _YEAR.search(line):
            break
    title = pieces[0]
    for piece in pieces[1:]:
        apart = _STARTS_APART.match(piece) or _ENDS_APART.search(title)
        if piece.startswith("ว่าด้วย"):
            apart = not _BARE_KIND.search(title)
        title += (" " if apart else "") + piece
    kinds = "พระราชบัญญัติ|พระราชกำหนด|พระราชกฤษฎีกา|กฎกระทรวง|ร่าง"
    return re.sub(rf"^((?:{kinds})+) (?=[ก-๙])", r"\1", title)

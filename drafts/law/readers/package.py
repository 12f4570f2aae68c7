"""Open a zipped document (DOCX, ODT) without trusting it."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from drafts.law.messages import _
from drafts.law.readers.result import ReaderError

#: Bytes that one member, and all members that we read, may unpack to.
MAX_MEMBER = 60 * 1024 * 1024
MAX_TOTAL = 200 * 1024 * 1024
#: A member packed tighter than this, and larger than 1 MB, is a zip bomb.
MAX_RATIO = 200
MAX_MEMBERS = 4000
#: Tags and attributes of one XML text: each takes some 120 bytes once it is read, so a
#: file within the limits of size could fill the memory (4 bytes are a tag).
MAX_MARKS = 2_000_000
_CHUNK = 1 << 20

#: A "Strict Open XML" document says the same under another name.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MACROS = ("vbaproject.bin", "vbadata.xml", "basic/script-lc.xml")


def _broken() -> ReaderError:
    return ReaderError(
        _("ไฟล์เสียหายหรืออ่านไม่ได้ โปรดเปิดในโปรแกรมเดิม บันทึกใหม่ แล้วนำเข้าอีกครั้ง"),
        "broken_file",
    )


class Package:
    """The members of a zipped document, read under limits."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise _broken() from error
        self._read = 0
        total = sum(member.file_size for member in members)
        bomb = any(
            member.file_size > _CHUNK
            and member.file_size > MAX_RATIO * max(1, member.compress_size)
            for member in members
        )
        if len(members) > MAX_MEMBERS or total > MAX_TOTAL or bomb:
            raise ReaderError(
                _("ไฟล์นี้ขยายออกมามีขนาดใหญ่ผิดปกติ จึงไม่เปิดอ่านเพื่อความปลอดภัย"), "zip_bomb"
            )
        self.names = {member.filename for member in members}
        lowered = [name.lower() for name in self.names]
        if any(name.endswith(_MACROS) for name in lowered):
            raise ReaderError(
                _("ไฟล์นี้มีแมโครฝังอยู่ โปรดบันทึกเป็นเอกสารที่ไม่มีแมโคร แล้วนำเข้าใหม่"), "macro"
            )
        if any(member.flag_bits & 1 for member in members):
            raise ReaderError(_("ไฟล์นี้ใส่รหัสผ่านไว้ โปรดนำรหัสผ่านออกก่อนนำเข้า"), "encrypted")

    def read(self, name: str) -> bytes | None:
        """Give the bytes of a member, or None when it is not there."""
        if name not in self.names:
            return None
        pieces = []
        size = 0
        try:
            with self._zip.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    self._read += len(chunk)
                    if size > MAX_MEMBER or self._read > MAX_TOTAL:
                        raise ReaderError(
                            _("ไฟล์นี้ขยายออกมามีขนาดใหญ่ผิดปกติ จึงไม่เปิดอ่านเพื่อความปลอดภัย"),
                            "zip_bomb",
                        )
                    pieces.append(chunk)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise _broken() from error
        return b"".join(pieces)

    def xml(self, name: str) -> etree._Element | None:
        """Parse a member as XML: no entities, no network, no huge trees."""
        data = self.read(name)
        if data is None:
            return None
        return parse_xml(data.replace(_STRICT, _TRANSITIONAL))


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML from outside; a document type with entities is refused."""
    if data.count(b"<") + data.count(b"=") > MAX_MARKS:
        raise ReaderError(
            _("ไฟล์นี้มีโครงสร้างซับซ้อนเกินกำหนด โปรดลบรูปแบบที่ไม่ใช้ หรือแบ่งเป็นหลายไฟล์"),
            "too_complex",
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _broken() from error
    if root is None:
        raise _broken()
    document = root.getroottree().docinfo
    if document.internalDTD is not None and list(document.internalDTD.iterentities()):
        raise ReaderError(
            _("ไฟล์ XML นี้ประกาศ entity ไว้ จึงไม่รับเพื่อความปลอดภัย"), "xml_entities"
        )
    return root

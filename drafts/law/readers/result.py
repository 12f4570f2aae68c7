"""What every reader gives back, how it fails, and the limits it keeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from drafts.law.messages import _
from drafts.law.structure import Severity, Warning

#: Bytes of one uploaded file.
MAX_BYTES = 25 * 1024 * 1024
#: Characters of text that a reader may give (the longest Thai code has 1.3 million).
MAX_CHARACTERS = 8_000_000
#: Lines that one cell of a table proper may have, its neighbours being empty.
_FEW_LINES = 2
#: Cells that one row may have, repeats counted.
MAX_CELLS = 1000
#: Seconds one reader may work, not counting what it waits for.
MAX_SECONDS = 30.0

TRACKED_CHANGES = (
    "เอกสารมีการติดตามการแก้ไขค้างอยู่ ข้อความที่ถูกลบไม่ได้นำเข้า ข้อความที่เพิ่มนำเข้าแล้ว "
    "โปรดยอมรับหรือปฏิเสธการแก้ไขให้ครบ แล้วนำเข้าใหม่หากไม่ตรงกับที่ต้องการ"
)

TOO_LONG = _("เอกสารยาวเกิน %(most)s ตัวอักษร โปรดแบ่งเป็นหลายไฟล์")


class ReaderError(Exception):
    """A file that cannot be read; ``message_th`` says why and what to do instead.

    ``in_language`` says the same through a translator such as gettext.
    """

    def __init__(
        self, template: str, code: str, *, advice: str = "", **values: object
    ) -> None:
        self.parts = (template, advice) if advice else (template,)
        self.values, self.code = values, code
        self.message_th = self.in_language(str)
        super().__init__(self.message_th)

    def in_language(self, translate: Callable[[str], str]) -> str:
        """Return the message as ``translate`` puts it."""
        return " ".join(translate(part) % self.values for part in self.parts)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The text of a file, one paragraph a line, and what a person should check."""

    text: str
    warnings: tuple[Warning, ...] = ()
    format: str = "txt"


@dataclass(slots=True)
class Budget:
    """What reading one file may cost; nested structures spend from the same one.

    Time is that of this thread's own work: a busy machine refuses no sound file.
    """

    characters: int = MAX_CHARACTERS
    steps: int = 0
    deadline: float = field(default_factory=lambda: time.thread_time() + MAX_SECONDS)

    def spend(self, characters: int) -> None:
        """Take characters before they are made; each call is a step and is timed."""
        self.characters -= characters
        if self.characters < 0:
            raise ReaderError(TOO_LONG, "too_long", most=f"{MAX_CHARACTERS:,}")
        self.steps += 1
        if self.steps % 256 == 0 and time.thread_time() > self.deadline:
            raise ReaderError(
                _("ไฟล์นี้ใช้เวลาอ่านนานเกินกำหนด โปรดบันทึกใหม่เป็น DOCX หรือ TXT แล้วนำเข้าอีกครั้ง"),
                "too_slow",
            )


@dataclass(slots=True)
class Output:
    """Collects lines under the limits of size and time."""

    budget: Budget = field(default_factory=Budget)
    lines: list[str] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)

    def add(self, line: str) -> None:
        self.budget.spend(len(line) + 1)
        self.lines.append(line)

    def add_row(self, cells: list[list[str]]) -> None:
        """Add a row of a table: cells parted by tabs, each cell on one line.

        Where only one cell has text the table lays out the page (a law set in a
        frame): its lines are paragraphs and stay so.
        """
        self.check_width(len(cells))
        filled = [cell for cell in cells if any(cell)]
        if len(filled) == 1 and (len(cells) == 1 or len(filled[0]) > _FEW_LINES):
            for line in filled[0]:
                self.add(line)
            return
        self.budget.spend(sum(len(line) + 1 for cell in cells for line in cell))
        self.add("\t".join(" ".join(filter(None, cell)) for cell in cells))

    def check_width(self, cells: int) -> None:
        """Raise ``ReaderError`` for a row of more cells than a table has."""
        if cells > MAX_CELLS:
            raise ReaderError(
                _("ตารางกว้างเกิน %(most)d ช่อง โปรดแบ่งตาราง"), "too_wide", most=MAX_CELLS
            )

    def warn(self, code: str, message: str, *, info: bool = False) -> None:
        """Warn about the line that will be written next."""
        severity = Severity.INFO if info else Severity.WARNING
        self.warnings.append(Warning(len(self.lines) + 1, code, message, severity))

    def result(self, form: str) -> ReadResult:
        text = "\n".join(self.lines)
        if not text.strip():
            raise ReaderError(_("ไม่พบข้อความในไฟล์นี้ โปรดตรวจว่าเลือกไฟล์ถูกต้อง"), "no_text")
        return ReadResult(text.rstrip("\n") + "\n", tuple(self.warnings), form)

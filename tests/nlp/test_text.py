"""Reading comments."""

from __future__ import annotations

from comments.nlp import text


def test_marks_of_redaction_are_not_the_persons_words() -> None:
    typed = "โทร [ปกปิด: หมายเลขโทรศัพท์] ก่อนนะ"
    blank = text.uncovered(typed)
    assert len(blank) == len(typed)
    assert blank.split() == ["โทร", "ก่อนนะ"]
    assert text.key(typed) == text.key("โทร ก่อนนะ")

"""The sample accounts of the demo; all people and agencies are invented."""

from __future__ import annotations

from dataclasses import dataclass

#: Same for all sample accounts; they exist in the demo only.
PASSWORD = "rapfang-demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    first_name: str
    agency: str  # key of the agency in the demo's content, "" for none
    role: str
    what: str


ACCOUNTS = [
    Account("admin@rapfang.example", "ผู้ดูแลระบบ", "", "superuser", "administrator"),
    Account("editor@rapfang.example", "นิติกร", "*", "editor", "writes, answers"),
    Account("approver@rapfang.example", "ผู้อำนวยการ", "*", "approver", "signs"),
    Account("moderator@rapfang.example", "ผู้ดูแลความเห็น", "*", "moderator", "moderates"),
    Account("auditor@rapfang.example", "ผู้ตรวจสอบ", "*", "auditor", "reads and exports"),
]

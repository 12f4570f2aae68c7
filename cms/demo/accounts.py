"""The sample accounts of the demo; all people and agencies are invented."""

from __future__ import annotations

from dataclasses import dataclass

#: Same for all sample accounts; they exist in the demo only.
PASSWORD = "rapfang-demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    first_name: str
    last_name: str
    position: str  # printed where this account signs
    agency: str  # key of the agency in the demo's content, "" for none
    role: str
    what: str

    @property
    def name(self) -> str:
        """Return what the account is called in the demo's code."""
        return self.email.partition("@")[0]


ACCOUNTS = [
    Account("admin@rapfang.example", "ผู้ดูแลระบบ", "", "", "", "superuser",
            "administrator"),
    Account("editor@rapfang.example", "นางสาวนิติกร", "สาธิต", "นิติกรชำนาญการ (สาธิต)",
            "*", "editor", "writes, answers, asks to announce and publish"),
    Account("approver@rapfang.example", "นายผู้อำนวยการ", "สาธิต",
            "ผู้อำนวยการกองกฎหมาย (สาธิต)", "*", "approver",
            "signs answers, confirms what the editor asks"),
    Account("approver2@rapfang.example", "นางสาวตัวอย่าง", "สาธิต", "รองอธิบดี (สาธิต)",
            "*", "approver", "signed no answer: publishes and signs the report"),
    Account("moderator@rapfang.example", "ผู้ดูแลความเห็น", "", "", "*", "moderator",
            "moderates"),
    Account("auditor@rapfang.example", "ผู้ตรวจสอบ", "", "", "*", "auditor",
            "reads and exports"),
]  # fmt: skip

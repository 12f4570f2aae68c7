"""An agency says that only two people write and sign for it, or no longer so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consultations import policies
from consultations.errors import ConsultationError
from consultations.models import AgencyPage, OfficeOfTwo
from drafts import audit
from drafts.revisions import check_revision


def office_values(agency: AgencyPage) -> dict[str, Any]:
    """Return what an agency says of its office, as its form shows it."""
    row = OfficeOfTwo.objects.filter(agency=agency).first()
    return {
        "is_on": bool(row and row.is_on),
        "reason": row.reason if row else "",
    }


@transaction.atomic
def office_of_two_set(
    *,
    agency: AgencyPage,
    is_on: bool,
    reason: str,
    by: Any,
    now: dt.datetime,
    revision: str | None = None,
) -> OfficeOfTwo:
    """Switch what two people cannot satisfy on or off, with a reason.

    Raises ConsultationError ``reason``, ``not_two`` where more than two accounts write
    or sign, Outdated when it changed since seen.  Should a third come later it ends by
    itself (policies.is_office_of_two).
    """
    AgencyPage.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    check_revision(revision, office_values(agency))
    if not reason.strip():
        raise ConsultationError(_("โปรดบอกเหตุผล"), code="reason")
    if is_on and (people := policies.office_people(agency)) > 2:
        raise ConsultationError(
            _("หน่วยงานนี้มีผู้จัดทำและผู้อนุมัติ %d บัญชี จึงไม่ใช่หน่วยงานที่มีสองคน") % people,
            code="not_two",
        )
    values = {"reason": reason.strip(), "changed_by": by, "changed_at": now}
    office, _new = OfficeOfTwo.objects.update_or_create(
        agency=agency, defaults={"is_on": is_on, **values}
    )
    audit.record(
        office, "office_of_two.set", by=by, agency=agency.pk, is_on=is_on, reason=reason
    )
    return office

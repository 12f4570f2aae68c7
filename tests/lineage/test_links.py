"""From a comment on an earlier version to the words that changed."""

from __future__ import annotations

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


def test_an_old_comment_leads_to_what_became_of_its_section(client) -> None:
    old = make.make_round(slug="water-act", sections=5)
    comment = make.make_comments(
        old, ["ขอแก้"], provision=old.version.provisions.get(eid="sec_5")
    )[0]
    address = f"/comments/{comment.public_id}/"
    link = "/consultations/water-act/changes/?from=1#was-sec_5"
    assert link not in client.get(address).content.decode()
    draft = old.consultation.draft
    old.consultation.rounds.create(
        number=2,
        version=make.make_version(draft, 3),
        stage="open",
        opens_on=make.TODAY,
        closes_on=make.TODAY,
    )
    assert link in client.get(address).content.decode()
    changes = client.get("/consultations/water-act/changes/?from=1").content.decode()
    assert 'id="was-sec_5"' in changes

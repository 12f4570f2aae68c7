"""Matches are found when a version is frozen, and never change."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from drafts import frozen, lineage, matching
from drafts.models import ProvisionMatch
from tests import factories as make
from tests.lineage.builders import (
    BOARD,
    DOGS,
    LAMP,
    MEET,
    TREE,
    division,
    freeze,
    of,
    part,
    section,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make.make_draft(make.make_agency())


def told(version) -> list[tuple[str, str, str, str]]:
    """Each stored line as (old label, new label, change, by), in order."""
    return [
        (
            line.old.label if line.old else "",
            line.new.label if line.new else "",
            line.change,
            line.by,
        )
        for line in version.matches.select_related("old", "new").order_by("order", "id")
    ]


def test_the_first_version_has_none_and_the_second_has_all(draft) -> None:
    first = freeze(draft, section("a", "๑", LAMP), section("b", "๒", TREE))
    assert not first.matches.exists()
    second = freeze(
        draft,
        section("a", "๑", LAMP.replace("ห้าสิบ", "สามสิบ")),
        section("x", "๒", DOGS),
        section("b", "๓", TREE),
    )
    assert told(second) == [
        ("มาตรา ๑", "มาตรา ๑", "changed", "identity"),
        ("", "มาตรา ๒", "added", ""),
        ("มาตรา ๒", "มาตรา ๓", "renumbered", "identity"),
    ]
    changed, _added, kept = second.matches.order_by("order")
    assert (changed.exact, kept.exact) == (False, True)
    assert 0.5 < changed.similarity < kept.similarity == 1
    assert {line.older_id for line in second.matches.all()} == {first.pk}


def test_blocks_that_lost_their_identity_are_matched_by_label_or_words(draft) -> None:
    freeze(draft, section("a", "๑", LAMP), section("b", "๒", TREE))
    second = freeze(
        draft,
        section("", "๑", LAMP.replace("ห้าสิบ", "สามสิบ")),
        section("", "๒", DOGS),
        section("", "๓", TREE.replace("สองหมื่น", "สามหมื่น")),
    )
    assert told(second) == [
        ("มาตรา ๑", "มาตรา ๑", "changed", "label"),
        ("", "มาตรา ๒", "added", ""),
        ("มาตรา ๒", "มาตรา ๓", "changed", "similarity"),
    ]


def test_split_and_merged_have_a_line_for_each_descent(draft) -> None:
    whole = f"{BOARD}\n{MEET}"
    freeze(draft, section("a", "๑", whole), section("b", "๒", LAMP))
    second = freeze(
        draft,
        section("a", "๑", BOARD),
        section("c", "๒", MEET),
        section("b", "๓", LAMP),
    )
    assert told(second) == [
        ("มาตรา ๑", "มาตรา ๑", "split", "identity"),
        ("มาตรา ๑", "มาตรา ๒", "split", "similarity"),
        ("มาตรา ๒", "มาตรา ๓", "renumbered", "identity"),
    ]
    third = freeze(draft, section("a", "๑", whole), section("b", "๒", LAMP))
    assert told(third)[:2] == [
        ("มาตรา ๑", "มาตรา ๑", "merged", "identity"),
        ("มาตรา ๒", "มาตรา ๑", "merged", "similarity"),
    ]


def test_headings_and_schedules_have_a_line_too(draft) -> None:
    freeze(
        draft,
        division("h", "หมวด ๑", "แสงสว่าง"),
        section("a", "๑", LAMP),
        part("s", "schedule", "อัตราค่าธรรมเนียม ๑๐๐ บาท", "บัญชี"),
    )
    second = freeze(
        draft,
        division("h", "หมวด ๑", "ไฟและแสงสว่าง"),
        section("a", "๑", LAMP),
        part("s", "schedule", "อัตราค่าธรรมเนียม ๒๐๐ บาท", "บัญชี"),
    )
    assert [line[2:] for line in told(second)] == [
        ("changed", "identity"),
        ("same", "identity"),
        ("changed", "identity"),
    ]


def test_what_was_removed_stands_where_it_stood(draft) -> None:
    freeze(
        draft,
        section("a", "๑", LAMP),
        section("b", "๒", TREE),
        section("c", "๓", DOGS),
    )
    second = freeze(draft, section("a", "๑", LAMP), section("c", "๒", DOGS))
    assert [line[0] for line in told(second)] == ["มาตรา ๑", "มาตรา ๒", "มาตรา ๓"]
    assert told(second)[1] == ("มาตรา ๒", "", "removed", "")


def test_the_database_refuses_to_change_or_delete_a_match(draft) -> None:
    freeze(draft, section("a", "๑", LAMP))
    second = freeze(draft, section("a", "๑", TREE))
    for act in (
        lambda: second.matches.update(change="same"),
        lambda: second.matches.all().delete(),
    ):
        with pytest.raises(DatabaseError, match=frozen.MARK), transaction.atomic():
            act()
    assert second.matches.count() == 1


def test_versions_frozen_earlier_are_matched_once(draft) -> None:
    first = freeze(draft, section("a", "๑", LAMP), section("b", "๒", TREE))
    second = freeze(draft, section("a", "๑", DOGS), section("b", "๒", TREE))
    wanted = told(second)
    frozen.remove(connection)
    second.matches.all().delete()
    frozen.install(connection)
    # Until then a reader is served all the same.
    chain = lineage.chain_of(first.pk, second.pk)
    assert len(lineage.lines_between(chain)) == len(wanted)
    call_command("match_versions", verbosity=0)
    assert told(second) == wanted
    call_command("match_versions", verbosity=0)
    assert ProvisionMatch.objects.count() == len(wanted)


def test_every_provision_of_both_versions_is_in_a_line(draft) -> None:
    first = freeze(
        draft, *(section(f"s{n}", f"{n}", f"{LAMP} {n}") for n in range(1, 9))
    )
    second = freeze(
        draft, *(section(f"s{n}", f"{n - 2}", f"{TREE} {n}") for n in range(3, 12))
    )
    lines = matching.match_versions(first.pk, second.pk)
    assert {line.old_id for line in lines} - {None} == set(
        first.provisions.values_list("pk", flat=True)
    )
    assert {line.new_id for line in lines} - {None} == set(
        second.provisions.values_list("pk", flat=True)
    )


# --- three versions -------------------------------------------------------------------


def test_versions_with_one_between_are_joined_through_it(draft) -> None:
    first = freeze(
        draft,
        section("a", "๑", f"{BOARD}\n{MEET}"),
        section("b", "๒", TREE),
        section("c", "๓", DOGS),
    )
    freeze(
        draft,
        section("a", "๑", BOARD),
        section("d", "๒", MEET),
        section("b", "๓", TREE.replace("สองหมื่น", "สามหมื่น")),
        section("tmp", "๔", LAMP),
    )
    third = freeze(
        draft,
        section("b", "๑", TREE),
        section("a", "๒", BOARD.replace("สี่คน", "ห้าคน")),
        section("d", "๓", MEET),
    )
    chain = lineage.chain_of(first.pk, third.pk)
    assert len(chain) == 3
    labels = {
        pk: label
        for version in (first, third)
        for pk, label in version.provisions.values_list("pk", "label")
    }
    found = [
        (
            one.change.value,
            [labels[pk] for pk in one.old],
            [labels[pk] for pk in one.new],
        )
        for one in lineage.happenings(lineage.lines_between(chain), chain)
    ]
    assert found == [
        # Changed and changed back: the reader of both ends sees no changed word.
        ("moved", ["มาตรา ๒"], ["มาตรา ๑"]),
        # It stood behind มาตรา ๒, and does so still.
        ("removed", ["มาตรา ๓"], []),
        ("split", ["มาตรา ๑"], ["มาตรา ๒", "มาตรา ๓"]),
    ]


def test_ancestors_go_through_splits_and_merges_and_leave_out_cousins(draft) -> None:
    first = freeze(
        draft, section("a", "๑", f"{BOARD}\n{MEET}"), section("b", "๒", TREE)
    )
    second = freeze(
        draft,
        section("a", "๑", BOARD),
        section("d", "๒", MEET),
        section("b", "๓", TREE),
    )
    third = freeze(
        draft,
        section("a", "๑", BOARD),
        section("d", "๒", f"{MEET}\n{TREE}"),
    )
    last = of(third, "d")
    family = lineage.family_of([last.pk])
    assert lineage.ancestors_of(last.pk, family) == {
        of(second, "d").pk,
        of(second, "b").pk,
        of(first, "a").pk,
        of(first, "b").pk,
    }
    assert lineage.ancestors_of(of(first, "a").pk, family, descendants=True) == {
        of(second, "a").pk,
        of(second, "d").pk,
        of(third, "a").pk,
        last.pk,
    }


def test_what_was_removed_and_put_back_is_the_same_provision(draft) -> None:
    first = freeze(draft, section("a", "๑", LAMP), section("b", "๒", TREE))
    second = freeze(draft, section("a", "๑", LAMP))
    third = freeze(
        draft,
        section("a", "๑", LAMP),
        section("x", "๒", DOGS),
        section("y", "๓", TREE.replace("สองหมื่น", "สามหมื่น")),
    )
    old, new = of(first, "b").pk, of(third, "y").pk

    def told(older, newer):
        chain = lineage.chain_of(older.pk, newer.pk)
        found = lineage.happenings(lineage.lines_between(chain), chain)
        return {
            (one.change.value, one.old, one.new, one.by)
            for one in found
            if {old, new} & {*one.old, *one.new}
        }

    # From the second version to the third it is new; from the first it was reworded.
    assert told(first, second) == {("removed", (old,), (), "")}
    assert told(second, third) == {("added", (), (new,), "")}
    assert told(first, third) == {("changed", (old,), (new,), "similarity")}
    family = lineage.family_of([old])
    assert lineage.ancestors_of(new, family) == {old}
    # And on: removed again, and back as it was.
    fourth = freeze(draft, section("a", "๑", LAMP))
    fifth = freeze(draft, section("a", "๑", LAMP), section("z", "๒", TREE))
    assert of(fifth, "z").pk in lineage.ancestors_of(
        old, lineage.family_of([old]), descendants=True
    )
    last = of(fifth, "z").pk
    chain = lineage.chain_of(first.pk, fifth.pk)
    found = lineage.happenings(lineage.lines_between(chain), chain)
    (back,) = [one for one in found if last in one.new]
    assert (back.change.value, back.old, back.exact) == ("same", (old,), True)
    assert fourth.matches.filter(new=None).count() == 2


def test_another_provision_with_the_number_of_a_removed_one_is_new(draft) -> None:
    first = freeze(draft, section("a", "๑", LAMP), section("b", "๒", TREE))
    freeze(draft, section("a", "๑", LAMP))
    third = freeze(draft, section("a", "๑", LAMP), section("c", "๒", DOGS))
    assert (
        lineage.ancestors_of(of(third, "c").pk, lineage.family_of([of(third, "c").pk]))
        == set()
    )
    assert first.provisions.count() == 2

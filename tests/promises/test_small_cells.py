"""Numbers about few people stay out of the report, and nobody can work them out."""

from __future__ import annotations

import io
import itertools
import json
import random
import re
import uuid
import zipfile

import pytest
from django.urls import reverse

from comments import promises
from comments.models import Comment, Submission
from consultations import preparing
from consultations.report import files, html, services
from consultations.report.collect import collect
from consultations.report.document import build, canonical_json, numbers_of
from consultations.report.document.small_cells import left_out
from consultations.report.document.who import LEFT_OUT, People
from tests import factories as make
from tests.report import builders

SMALLEST = 5


def worlds(values, sums, gone):
    """Yield, for every way to fill in what is left out, the numbers that a reader may
    think of: what is printed and all sums are as they are."""
    names = sorted(gone)
    rows = [([n for n in parts if n in gone], whole) for whole, parts in sums]
    most = sum(values[n] for n in names)

    def fill(found):
        if len(found) == len(names):
            yield dict(zip(names, found, strict=True))
            return
        for value in range(most + 1):
            told = dict(zip(names, [*found, value], strict=False))
            for hidden, whole in rows:
                if whole in gone:
                    continue
                known = sum(values[n] for n in hidden)
                mine = sum(told.get(n, 0) for n in hidden)
                full = all(n in told for n in hidden)
                if mine > known or (full and mine != known):
                    break
            else:
                yield from fill([*found, value])

    for world in fill([]):
        whole_ok = all(
            sum(world.get(n, values[n]) for n in parts) == world[whole]
            for whole, parts in sums
            if whole in gone
        )
        if whole_ok:
            yield world


@pytest.mark.parametrize("seed", range(60))
def test_no_hidden_number_can_be_computed(seed):
    """Two-way tables with their totals, which are one-way tables of their own."""
    chance = random.Random(seed)
    rows, columns = chance.randint(1, 3), chance.randint(2, 3)
    cell = lambda r, c: f"{r}~{c}"  # noqa: E731
    values = {
        cell(r, c): chance.choice([0, 0, 1, 2, 3, 6, 7])
        for r, c in itertools.product(range(rows), range(columns))
    }
    sums = [("", [cell(r, c) for c in range(columns)]) for r in range(rows)]
    for c in range(columns):
        parts = [cell(r, c) for r in range(rows)]
        values[f"all~{c}"] = sum(values[n] for n in parts)
        sums.append((f"all~{c}", parts))
    sums.append(("", [f"all~{c}" for c in range(columns)]))
    small = {name for name, n in values.items() if 0 < n < SMALLEST}
    gone = left_out(values, sums, small=small)
    assert small <= gone
    if len(gone) > 9:
        pytest.skip("too many worlds to count one by one")
    told = {name: set() for name in small}
    for world in worlds(values, sums, gone):
        for name, found in told.items():
            found.add(world[name])
        if all(len(found) > 1 for found in told.values()):
            break
    known = [name for name, found in told.items() if len(found) < 2]
    # All that a reader knows of a table whose numbers are all left out are its sums.
    assert not known or gone == set(values), (values, gone, known)


def test_one_more_is_left_out_and_not_without_need():
    table = {"a": 40, "b": 12, "c": 3}
    sums = [("", list(table))]
    assert left_out(table, sums, small={"c"}) == {"b", "c"}
    two = {"a": 40, "b": 2, "c": 3}
    assert left_out(two, sums, small={"b", "c"}) == {"b", "c"}
    assert left_out({"a": 40, "b": 12}, [("", ["a", "b"])], small=set()) == set()
    # A zero is no companion where there is another: readers may know that it is zero.
    zero = {"a": 40, "b": 0, "c": 3}
    assert left_out(zero, sums, small={"c"}) == {"a", "c"}


# --- the report --------------------------------------------------------------------
PEOPLE = {
    "capacity": {"individual": 20, "business": 9, "agency": 2},
    "province": {"เชียงใหม่": 17, "กรุงเทพมหานคร": 11, "ระนอง": 3},
    "group": {"": 21, "ผู้ค้ารายย่อย": 6, "ผู้บริโภค": 4},
    "identity": {"anonymous": 25, "declared": 6},
}


def add_people(round_, people=PEOPLE, *, two_each: tuple[str, ...] = ()):
    """Add a person for each of the numbers; those of ``two_each`` say two things."""
    columns = {
        kind: [v for v, n in p.items() for _ in range(n)] for kind, p in people.items()
    }
    count = len(columns["capacity"])
    sections = list(round_.version.provisions.filter(kind="section"))
    made = []
    for n in range(count):
        about = {kind: values[n] for kind, values in columns.items()}
        submission = Submission.objects.create(
            round=round_,
            receipt=uuid.uuid4().hex[:20],
            client_token=uuid.uuid4(),
            received_at=make.NOW,
            sha256="0" * 64,
            **about,
        )
        for m in range(2 if about["province"] in two_each else 1):
            made.append(
                Comment.objects.create(
                    submission=submission,
                    round=round_,
                    provision=sections[(n + m) % len(sections)],
                    stance=["disagree", "agree"][n % 3 == 0],
                    status="published",
                    public_id=uuid.uuid4().hex[:12],
                    public_text=f"ความเห็นที่ {n}-{m}",
                    public_sha256=builders.sha(f"ความเห็นที่ {n}-{m}"),
                    received_at=make.NOW,
                )
            )
    return made


@pytest.fixture
def told(db):
    round_ = builders.closed_round()
    comments = add_people(round_)
    builders.add_themes(round_, comments)
    return round_, builders.draft_report(round_)


def tables(document) -> dict[str, dict[str, tuple[str, str]]]:
    """Return caption -> row -> what its two numbers print, of heading 8."""
    found = {}
    for block in document.section("s-8").blocks:
        if hasattr(block, "rows"):
            found[block.caption.split(" (")[0]] = {
                row[0][0]: tuple(str(getattr(c[0], "value", c[0])) for c in row[1:])
                for row in block.rows
            }
    return found


def test_small_numbers_and_one_more_are_not_printed(told):
    _round, report = told
    found = tables(build(collect(report, now=builders.NOW)))
    assert found["แยกตามจังหวัด"] == {
        "เชียงใหม่": ("17", "17"),
        "กรุงเทพมหานคร": (LEFT_OUT, LEFT_OUT),
        "ระนอง": (LEFT_OUT, LEFT_OUT),
    }
    capacity = found["แยกตามฐานะผู้แสดงความคิดเห็น"]
    assert capacity["หน่วยงานของรัฐ"] == capacity["ผู้ประกอบการ"] == (LEFT_OUT, LEFT_OUT)
    assert found["แยกตามระดับการยืนยันตัวตน"]["แจ้งชื่อเอง"] == ("6", "6")
    # Where, how and what was said is told from 1.
    states = found["กระทบยอดความเห็น"]
    assert states["ซ่อนโดยมีเหตุ"] == ("0", "0")
    assert found["แยกตามช่องทาง"]["เว็บไซต์"] == ("31", "31")


def test_many_words_of_few_people_are_not_told(db):
    round_ = builders.closed_round()
    add_people(round_, two_each=("ระนอง",))  # three people, six comments
    report = builders.draft_report(round_)
    assert tables(build(collect(report, now=builders.NOW)))["แยกตามจังหวัด"]["ระนอง"] == (
        LEFT_OUT,
        LEFT_OUT,
    )


def test_the_voices_of_a_theme_are_left_out_too(told):
    _round, report = told
    given = collect(report, now=builders.NOW)
    people = People(given)
    document = build(given)
    (table, note) = document.section("s-11").blocks[:2]
    assert LEFT_OUT in note.parts[0]
    printed = [n.value for row in table.rows for c in row[1:] for n in numbers_of(c)]
    assert printed
    assert min(printed) >= SMALLEST
    small = {n for n, c in people.people.items() if c < SMALLEST and "who-" in n}
    assert small
    # Both tables tell the agencies' total: neither does.
    assert "capacity-agency" in people.gone
    assert not any(n.key for s in ("s-11",) for n in numbers_of(table))


def test_a_round_of_few_people_has_no_such_tables(db):
    round_ = builders.closed_round()
    few = {kind: {next(iter(p)): 4} for kind, p in PEOPLE.items()}
    builders.add_themes(round_, add_people(round_, few), count=1)
    document = build(collect(builders.draft_report(round_), now=builders.NOW))
    text = json.dumps(tables(document), ensure_ascii=False)
    assert "เชียงใหม่" not in text
    assert "ในนามตนเอง" not in text
    assert not [b for b in document.section("s-11").blocks if hasattr(b, "rows")]


def test_a_corrected_report_does_not_tell_who_was_taken_out(told):
    round_, report = told
    by = round_.consultation.agency.memberships.first().user
    services.report_publish(report=report, by=by, now=builders.NOW)
    gone = Comment.objects.filter(submission__province="เชียงใหม่").first()
    Comment.objects.filter(pk=gone.pk).update(status="hidden", hidden_ground="abusive")
    second = builders.draft_report(round_)
    assert second.number == 2
    found = tables(build(collect(second, now=builders.NOW)))["แยกตามจังหวัด"]
    assert found["เชียงใหม่"] == (LEFT_OUT, LEFT_OUT)  # 16 is one less than 17


@pytest.mark.parametrize(
    "part", ["capacity-agency", "province-ระนอง", "group-none", "identity-declared",
             "who-agency"]
)  # fmt: skip
def test_no_list_of_texts_opens_by_who_people_are(client, told, part):
    round_, report = told
    by = round_.consultation.agency.memberships.first().user
    services.report_publish(report=report, by=by, now=builders.NOW)
    slug = round_.consultation.slug
    for key in (part, f"counted~{part}", f"{part}~stance-agree", f"at-sec_1~{part}"):
        url = reverse("consultations:results_list", args=[slug, key])
        assert client.get(url).status_code == 404
    assert (
        client.get(
            reverse("consultations:results_list", args=[slug, "counted~at-sec_1"])
        ).status_code
        == 200
    )
    client.force_login(by)
    desk = reverse("desk_report_list", args=[round_.pk, f"counted~{part}"])
    assert client.get(desk).status_code == 404


def test_every_format_prints_the_same(told):
    round_, report = told
    given = collect(report, now=builders.NOW)
    source = services.source_of(given, round_)
    docx = files.EXPORTERS["docx"].render(source)
    word = zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()
    page = html.page(source.document, source.links)
    for text in (page, word, files.EXPORTERS["json"].render(source).decode()):
        assert LEFT_OUT in text
        assert not re.search(
            r'list/[^"]*(?:province|capacity|group|identity|who)-', text
        )
    row = next(
        line for line in re.findall(r"<w:tr>.*?</w:tr>", word, re.S) if "ระนอง" in line
    )
    words = re.findall(r"<w:t(?: [^>]*)?>([^<]*)<", row)
    assert [word for word in words if word] == ["ระนอง", LEFT_OUT, LEFT_OUT]


def test_the_table_of_promises_sets_the_number(told, monkeypatch):
    import dataclasses

    _round, report = told
    row = dataclasses.replace(promises.TABLE["identity"], smallest=7)
    monkeypatch.setitem(promises.TABLE, "identity", row)
    found = tables(build(collect(report, now=builders.NOW)))
    assert found["แยกตามระดับการยืนยันตัวตน"]["แจ้งชื่อเอง"] == (LEFT_OUT, LEFT_OUT)
    assert "น้อยกว่า 7" in promises.shown("identity")


def test_heads_at_a_meeting_are_told_alike(told):
    round_, report = told
    session = round_.sessions.get()
    preparing.evidence_strike(obj=session, round=round_, reason="นับผิด")
    session.pk, session.struck_at, session.struck_by = None, None, None
    session.struck_reason = ""
    session.heads = {"ประชาชน": 40, "หน่วยงาน": 7, "นักวิชาการ": 2}
    session.save(force_insert=True)
    text = canonical_json(build(collect(report, now=builders.NOW)))
    told = re.search(r"49 คน \(([^)]*)\)", text)[1]
    assert sorted(told.split(", ")) == [
        f"นักวิชาการ {LEFT_OUT}",
        "ประชาชน 40",
        f"หน่วยงาน {LEFT_OUT}",
    ]

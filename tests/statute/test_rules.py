"""Rules as data: each blocks, warns or reports what it says, at the moment it says."""

import dataclasses
import datetime as dt

import pytest

from consultations import statute
from consultations.models import LegalBasis
from consultations.statute import (
    PROFILES,
    RULES,
    Facts,
    Level,
    MethodFact,
    Moment,
    Outcome,
    PostingFact,
    ReportFact,
    SessionFact,
    ThemeFact,
    Totals,
    assess,
    checks,
)

D = dt.date
OPENS = D(2026, 12, 20)
CLOSES = D(2027, 1, 18)


def information(profile: str) -> dict[str, str]:
    return {
        item.id: item.choices[0].id if item.choices else "ไม่มี"
        for item in PROFILES[profile].items
    }


def theme(number: int, **changes: object) -> ThemeFact:
    fields = {
        "title": "ประเด็น",
        "comments": 3,
        "reply": f"หน่วยงานขอชี้แจงประเด็นที่ {number} ดังนี้",
        "decision": "accept",
        "reason": "เห็นพ้องด้วย",
        "signed": True,
        "change_named": True,
    }
    return ThemeFact(number, **(fields | changes))


def sound(profile: str = "project_2548", **changes: object) -> Facts:
    """Make facts that break no rule; a test then breaks one thing."""
    hung = tuple(
        PostingFact(channel, D(2026, 12, 1), evidence=True)
        for channel in PROFILES[profile].channels
    )
    fields = {
        "profile": profile,
        "today": D(2027, 1, 20),
        "information": information(profile),
        "contact": "กองกฎหมาย",
        "affected_groups": 2,
        "announced_on": D(2026, 12, 1),
        "opens_on": OPENS,
        "closes_on": CLOSES,
        "recorded_completion": CLOSES,
        "notice_postings": hung,
        "report_postings": (),
        "methods": (
            MethodFact("online", opened=(OPENS, CLOSES)),
            MethodFact("office", channels=("paper",)),
        ),
        "sessions": (SessionFact(D(2027, 1, 5), "หอประชุม", "09.00 น.", "กรม", 40),),
        "questions": 1,
        "provisions": {"section": 5},
        "version_sha256": "ab" * 32,
        "documents": frozenset({"ria", "comparison"}),
        "stakeholders_told": 3,
        "milestones": 1,
        "themes": (theme(1), theme(2)),
        "totals": Totals(received=3, counted=3),
        "report": ReportFact("สรุป", "เสนอ ครม.", "ไม่เป็นตัวแทน", "ไม่พบ", "ชื่อ", "อธิบดี"),
    }
    return Facts(**(fields | changes))


def ids(facts: Facts, at: Moment, level: Level | None = None) -> set[str]:
    return {
        f.rule.id for f in statute.check(facts, at) if level is None or f.level is level
    }


def test_every_legal_basis_has_a_profile_and_no_other_exists():
    assert set(PROFILES) == set(LegalBasis.values)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.key)
def test_a_profile_is_complete_in_both_languages(profile):
    assert profile.heading in {"3", "3L"}
    assert profile.th
    assert profile.en
    assert len({item.id for item in profile.items}) == len(profile.items)
    for item in profile.items:
        assert item.th
        assert item.en
        assert item.source.label in {"V", "V*", "R-high", "R-med", "R-low", "D"}
        assert bool(item.help_th) == bool(item.help_en)


def test_rules_are_named_once_and_in_both_languages():
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.th
        assert rule.en
        assert rule.levels
        assert rule.profiles <= set(PROFILES)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("at", [Moment.ANNOUNCE, Moment.PUBLISH])
def test_sound_facts_are_not_stopped(profile, at):
    assert ids(sound(profile), at, Level.BLOCK) == set()


@pytest.mark.parametrize("profile", PROFILES)
def test_empty_facts_are_looked_at_without_an_exception(profile):
    facts = Facts(profile=profile, today=D(2026, 12, 1))
    for at in Moment:
        statute.assess(facts, at)
    assert "r08-information" in ids(facts, Moment.ANNOUNCE, Level.BLOCK)
    assert "r15-draft-frozen" in ids(facts, Moment.ANNOUNCE, Level.BLOCK)


@pytest.mark.parametrize(
    "item", [i.id for i in PROFILES["project_2548"].items if i.required]
)
def test_each_of_the_published_items_blocks_when_empty(item):
    facts = sound(information=information("project_2548") | {item: "  "})
    assert ids(facts, Moment.ANNOUNCE, Level.BLOCK)


@pytest.mark.parametrize(
    ("posted", "block", "warn"),
    [(14, True, False), (15, False, True), (16, False, False)],
)
def test_notice_of_14_15_and_16_days(posted, block, warn):
    hung = tuple(
        PostingFact(c, OPENS - dt.timedelta(days=posted), evidence=True)
        for c in PROFILES["project_2548"].channels
    )
    facts = sound(notice_postings=hung)
    assert ("r20-notice-days" in ids(facts, Moment.ANNOUNCE, Level.BLOCK)) is block
    assert ("r20-notice-exact" in ids(facts, Moment.ANNOUNCE, Level.WARN)) is warn


def test_a_channel_posted_late_makes_the_notice_short():
    hung = (
        PostingFact("board", D(2026, 12, 1), evidence=True),
        PostingFact("site", D(2026, 12, 10), evidence=True),
        PostingFact("opm_network", D(2026, 12, 1), evidence=True),
    )
    facts = sound(notice_postings=hung)
    assert "r20-notice-days" in ids(facts, Moment.ANNOUNCE, Level.BLOCK)
    # what is past no longer stops the results, it is told
    assert "r20-notice-days" in ids(facts, Moment.PUBLISH, Level.REPORT)


def test_before_any_posting_the_day_of_announcing_counts():
    facts = sound(notice_postings=(), announced_on=None, today=D(2026, 12, 6))
    assert "r20-notice-days" in ids(facts, Moment.ANNOUNCE, Level.BLOCK)
    facts = dataclasses.replace(facts, today=D(2026, 12, 4))
    assert "r20-notice-days" not in ids(facts, Moment.ANNOUNCE)


@pytest.mark.parametrize(
    ("profile", "days", "waiver", "blocked"),
    [
        ("bill_2562", 14, "", True),
        ("bill_2562", 14, "มติ ครม. 18 มิ.ย. 2567", False),
        ("bill_2562", 15, "", False),
        ("rule_2565", 7, "", True),
        ("treaty", 14, "เหตุใดก็ตาม", True),
        ("nbtc_s28", 29, "", True),
        ("nbtc_s28", 30, "", False),
        ("project_2548", 1, "", False),
        ("evaluation_s34", 1, "", False),
    ],
)
def test_windows(profile, days, waiver, blocked):
    closes = OPENS + dt.timedelta(days=days - 1)
    facts = sound(profile, closes_on=closes, waiver=waiver)
    assert ("r22-window" in ids(facts, Moment.ANNOUNCE, Level.BLOCK)) is blocked


def test_fifteen_days_of_a_bill_warn_and_sixteen_do_not():
    at_15 = sound("bill_2562", closes_on=OPENS + dt.timedelta(days=14))
    at_16 = sound("bill_2562", closes_on=OPENS + dt.timedelta(days=15))
    assert "r22-window-exact" in ids(at_15, Moment.ANNOUNCE, Level.WARN)
    assert "r22-window-exact" not in ids(at_16, Moment.ANNOUNCE)
    assert "r23-thirty-days" in ids(at_16, Moment.ANNOUNCE, Level.WARN)


def test_without_its_first_day_a_window_is_told_a_day_shorter():
    facts = sound("bill_2562", closes_on=OPENS + dt.timedelta(days=14))
    verdict = checks.window_not_doubtful(facts, PROFILES["bill_2562"])
    assert (verdict.outcome, verdict.th) == (Outcome.FAILED, "14 วัน")


def test_a_draft_with_a_prison_term_and_no_reason_for_it_warns():
    facts = sound("bill_2562", draft_terms=frozenset({"criminal", "permit"}))
    assert "r13-terms" in ids(facts, Moment.ANNOUNCE, Level.WARN)
    reasons = information("bill_2562") | {
        "criminal": "โทษปรับอย่างเดียวไม่พอ",
        "permit": "กิจการเสี่ยงอันตราย",
    }
    facts = dataclasses.replace(facts, information=reasons)
    assert "r13-terms" not in ids(facts, Moment.ANNOUNCE)


def test_a_treaty_needs_a_second_method():
    facts = sound("treaty", methods=(MethodFact("online"),))
    assert "r30-treaty-method" in ids(facts, Moment.ANNOUNCE, Level.BLOCK)


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"reply": "สั้น"}, "r45-replies"),
        ({"decision": ""}, "r44-decisions"),
        ({"reason": " "}, "r44-decisions"),
        ({"signed": False}, "r52-answers-signed"),
    ],
)
def test_an_unanswered_theme_blocks_the_report(broken, rule):
    facts = sound(themes=(theme(1), theme(2, **broken)))
    found = {f.rule.id: f for f in statute.check(facts, Moment.PUBLISH)}
    assert found[rule].blocks
    assert "2" in found[rule].detail_th


def test_the_same_reply_to_four_themes_warns_and_to_three_does_not():
    reply = "หน่วยงานรับทราบและจะนำไปประกอบการพิจารณา"
    four = tuple(theme(n, reply=reply) for n in range(1, 5))
    assert "r45-same-replies" in ids(sound(themes=four), Moment.PUBLISH, Level.WARN)
    assert "r45-same-replies" not in ids(sound(themes=four[:3]), Moment.PUBLISH)


def test_totals_that_do_not_reconcile_block():
    lost = Totals(received=10, counted=7, late=1, hidden=1)
    assert "r46-totals" in ids(sound(totals=lost), Moment.PUBLISH, Level.BLOCK)
    whole = Totals(
        received=10,
        counted=7,
        late=1,
        hidden=1,
        withdrawn=1,
        breakdowns=(statute.Breakdown("channel", 6),),
    )
    assert "r46-totals" in ids(sound(totals=whole), Moment.PUBLISH, Level.BLOCK)
    kept = dataclasses.replace(whole, breakdowns=(statute.Breakdown("channel", 7),))
    assert "r46-totals" not in ids(sound(totals=kept), Moment.PUBLISH)


def test_results_of_a_project_are_overdue_on_day_16_and_until_all_channels_tell():
    last = CLOSES + dt.timedelta(days=15)
    rule = "r41-results-due"
    assert rule not in ids(sound(today=last), Moment.WATCH)
    late = sound(today=last + dt.timedelta(days=1))
    (found,) = [f for f in statute.check(late, Moment.WATCH) if f.rule.id == rule]
    assert found.level is Level.BLOCK
    assert "1 วัน" in found.detail_th
    report = ReportFact("ส", "ข", "จ", "ไม่พบ", "ชื่อ", "ตำแหน่ง", published_on=last)
    one = (PostingFact("board", last, evidence=True),)
    assert rule in ids(
        dataclasses.replace(late, report=report, report_postings=one), Moment.WATCH
    )
    all_three = tuple(
        PostingFact(c, last, evidence=True) for c in PROFILES["project_2548"].channels
    )
    told = dataclasses.replace(late, report=report, report_postings=all_three)
    assert rule not in ids(told, Moment.WATCH)


def test_being_late_never_keeps_the_results_from_the_public():
    late = sound(today=CLOSES + dt.timedelta(days=90))
    assert ids(late, Moment.PUBLISH, Level.BLOCK) == set()
    assert "r41-results-due" in ids(late, Moment.PUBLISH, Level.REPORT)


@pytest.mark.parametrize("field", ["summary", "signer_name", "signer_position"])
def test_the_report_needs_its_summary_and_its_signer(field):
    report = dataclasses.replace(sound().report, **{field: " "})
    assert ids(sound(report=report), Moment.PUBLISH, Level.BLOCK)


def test_blocking_findings_come_first_and_say_what_is_wanted():
    found = statute.check(
        Facts(profile="bill_2562", today=D(2026, 12, 1)), Moment.PUBLISH
    )
    levels = [list(Level).index(f.level) for f in found]
    assert levels == sorted(levels)
    assert all(f.message_th.startswith("ยังไม่ผ่าน: ") for f in found)
    assert all(f.outcome is Outcome.FAILED for f in found)


def test_terms_are_found_in_a_draft():
    text = "ให้มีคณะกรรมการคณะหนึ่ง ผู้ฝ่าฝืนต้องระวางโทษจำคุกไม่เกินหกเดือน"
    assert statute.terms_in(text) == {"committee", "criminal"}
    assert statute.terms_in("ข้อความทั่วไป") == frozenset()


def test_only_sections_are_counted_as_sections():
    rows = {"section": 69, "part": 4, "target_clause": 2}
    facts = sound("bill_2562", provisions=rows)
    assert detail(facts, "r15-draft-frozen") == "69 มาตรา"
    facts = sound("bill_2562", provisions={"clause": 3, "part": 1})
    assert detail(facts, "r15-draft-frozen") == "3 ข้อ"


def test_after_the_hearing_a_method_merely_planned_does_not_count():
    planned = (MethodFact("online", opened=(OPENS, CLOSES)), MethodFact("workshop"))
    facts = sound("bill_2562", methods=planned)
    assert detail(facts, "r29-method") == "1 วิธี"
    assert "r30-second-method" in ids(facts, Moment.PUBLISH)
    facts = sound("bill_2562", methods=planned[1:])
    assert "r29-method" in ids(facts, Moment.PUBLISH)
    before = sound("bill_2562", methods=planned, today=OPENS)
    assert detail(before, "r29-method") == "2 วิธี"


def test_points_raised_by_few_are_not_told_as_answered():
    facts = sound("bill_2562", alone=7)
    assert "r45-replies" not in ids(facts, Moment.PUBLISH)
    assert "r45-alone" in ids(facts, Moment.PUBLISH)
    assert "7 ความเห็น" in detail(facts, "r45-alone")
    assert "r45-alone" not in ids(sound("bill_2562"), Moment.PUBLISH)
    assert "ทุกประเด็นมีคำชี้แจง" not in {rule.th for rule in RULES}


def test_results_still_in_time_are_neither_told_nor_missed():
    facts = sound("project_2548", today=CLOSES)
    found = next(
        a for a in assess(facts, Moment.PUBLISH) if a.rule.id == "r41-results-due"
    )
    assert found.outcome is Outcome.NOT_YET


def detail(facts: Facts, rule: str) -> str:
    """Return what the table says beside a rule."""
    found = [a for a in assess(facts, Moment.PUBLISH) if a.rule.id == rule]
    return found[0].detail_th

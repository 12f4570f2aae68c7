"""The checks behind the rules: each looks at the facts and gives a verdict."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from consultations.statute import dates, results
from consultations.statute.facts import Facts, ThemeFact
from consultations.statute.profiles import Item, Profile
from consultations.statute.rule import Outcome, Verdict
from consultations.statute.terms import says_none

#: A reply shorter than this explains nothing (docs/thai-law.md, Rules).
SHORTEST_REPLY = 20
#: The same reply to more themes than this is a form letter (docs/thai-law.md, Rules).
SAME_REPLIES = 3
#: Themes named in a finding, and letters of their titles.
LISTED, TITLE = 10, 40
#: Decisions that promise a change of the text (consultations.models.Decision).
CHANGING = frozenset({"accept", "accept_part"})
DECISIONS = CHANGING | {"reject", "out_of_scope", "pending"}
YEAR = 365
LONG_SUMMARY = 4_000  # characters: about two pages
MONTH = 30

NA = Verdict(Outcome.NOT_APPLICABLE)


def _passed(th: str = "", en: str = "") -> Verdict:
    return Verdict(Outcome.PASSED, th, en)


def _failed(th: str = "", en: str = "") -> Verdict:
    return Verdict(Outcome.FAILED, th, en)


def _if(holds: object, th: str = "", en: str = "") -> Verdict:
    return _passed(th, en) if holds else _failed(th, en)


def _text(facts: Facts, item_id: str) -> str:
    return facts.information.get(item_id, "").strip()


def _missing(facts: Facts, items: list[Item]) -> Verdict:
    empty = [item for item in items if not _text(facts, item.id)]
    return _if(
        not empty,
        ", ".join(item.th for item in empty),
        ", ".join(item.en for item in empty),
    )


# --- scope and information ---------------------------------------------------
def profile_named(facts: Facts, profile: Profile) -> Verdict:
    return _passed(profile.th, profile.en)


def four_tests(facts: Facts, profile: Profile) -> Verdict:
    return _missing(facts, [i for i in profile.items if i.id.startswith("test_")])


def impact_reason(facts: Facts, profile: Profile) -> Verdict:
    return _missing(
        facts, [profile.item("impact_level"), profile.item("impact_reason")]
    )


def severe_has_method(facts: Facts, profile: Profile) -> Verdict:
    if _text(facts, "impact_level") != "severe":
        return NA
    return _if(facts.methods_that_count)


def information_complete(facts: Facts, profile: Profile) -> Verdict:
    own = {"impact_level", "impact_reason"}  # rule 3's
    return _missing(facts, [i for i in profile.items if i.required and i.id not in own])


def terms_explained(facts: Facts, profile: Profile) -> Verdict:
    ids = {item.id for item in profile.items}
    if not facts.draft_terms & ids:
        return NA
    denied = [
        profile.item(term)
        for term in sorted(facts.draft_terms & ids)
        if says_none(_text(facts, term))
    ]
    return _if(
        not denied, ", ".join(i.th for i in denied), ", ".join(i.en for i in denied)
    )


def summary_is_short(facts: Facts, profile: Profile) -> Verdict:
    length = len(_text(facts, "principles"))
    return _if(length <= LONG_SUMMARY, f"{length:,} ตัวอักษร", f"{length:,} characters")


def draft_frozen(facts: Facts, profile: Profile) -> Verdict:
    named = (("section", "มาตรา", "sections"), ("clause", "ข้อ", "clauses"))
    counted = [(facts.provisions.get(kind, 0), th, en) for kind, th, en in named]
    return _if(
        facts.version_sha256 and facts.provisions,
        " ".join(f"{n:,} {th}" for n, th, _en in counted if n),
        ", ".join(f"{n:,} {en}" for n, _th, en in counted if n),
    )


def comparison_attached(facts: Facts, profile: Profile) -> Verdict:
    return _if("comparison" in facts.documents) if facts.amending else NA


def subordinate_plan(facts: Facts, profile: Profile) -> Verdict:
    return _if(
        _text(facts, "subordinate_plan") or "subordinate_plan" in facts.documents
    )


def start_is_near(facts: Facts, profile: Profile) -> Verdict:
    start = iso_day(_text(facts, "starts_on"))
    if start is None or facts.closes_on is None:
        return NA
    days = (start - facts.closes_on).days
    return _if(days <= YEAR, *dates.as_days(days))


def iso_day(text: str) -> dt.date | None:
    """Read an ISO date whose year may be a Buddhist one; None if it is neither."""
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return dt.date(year - 543 if year > 2400 else year, month, day)
    except ValueError:
        return None


# --- notice and period -------------------------------------------------------
def notice_complete(facts: Facts, profile: Profile) -> Verdict:
    th, en = [], []
    for absent, word_th, word_en in (
        (not facts.methods, "วิธีการ", "method"),
        (facts.opens_on is None, "วันแรกที่รับฟัง", "first day"),
        (facts.closes_on is None, "วันสุดท้ายที่รับฟัง", "last day"),
        (not facts.contact.strip(), "ติดต่อ", "contact"),
    ):
        if absent:
            th.append(word_th)
            en.append(word_en)
    return _if(not th, ", ".join(th), ", ".join(en))


def channels_posted(facts: Facts, profile: Profile) -> Verdict:
    if not profile.channels:
        return NA
    shown = {p.channel for p in facts.notice_postings if p.evidence}
    missing = [c for c in profile.channels if c not in shown]
    return _if(
        not missing,
        f"{len(profile.channels) - len(missing)} จาก {len(profile.channels)} ช่องทาง",
        f"{len(profile.channels) - len(missing)} of {len(profile.channels)} channels",
    )


def notice_since(facts: Facts, profile: Profile) -> dt.date | None:
    """Return the day the notice counts from: the latest of the required channels.

    While a channel has no posting yet, the day of announcement stands in for it.
    """
    if facts.opens_on is None:
        return None
    rows = [(p.channel, p.posted_on, p.taken_down_on) for p in facts.notice_postings]
    posted = dates.latest_posting(profile.channels, rows, facts.opens_on)
    days = [day for day in (posted, facts.announced_on) if day is not None]
    if posted is not None:
        return posted
    known = [
        p.posted_on for p in facts.notice_postings if p.channel in profile.channels
    ]
    return max([*days, *known], default=None)


def _notice(facts: Facts, profile: Profile) -> int | None:
    since = notice_since(facts, profile) or facts.today
    if profile.notice_days is None or facts.opens_on is None:
        return None
    return dates.notice_days(since, facts.opens_on)


def notice_long_enough(facts: Facts, profile: Profile) -> Verdict:
    days = _notice(facts, profile)
    if days is None:
        return NA if profile.notice_days is None else _failed()
    return _if(days >= (profile.notice_days or 0), *dates.as_days(days))


def notice_not_doubtful(facts: Facts, profile: Profile) -> Verdict:
    days = _notice(facts, profile)
    if days is None:
        return NA
    return _if(days != profile.notice_days, *dates.as_days(days))


def window_long_enough(facts: Facts, profile: Profile) -> Verdict:
    if profile.window_days is None:
        return NA
    if facts.opens_on is None or facts.closes_on is None:
        return _failed()
    length = dates.window(facts.opens_on, facts.closes_on, profile.window_days)
    th, en = dates.as_days(length.days)
    if not length.plain and profile.waivable and facts.waiver.strip():
        return _passed(
            f"{th} มีเหตุยกเว้นที่บันทึกไว้: {facts.waiver.strip()}",
            f"{en}, with a recorded waiver: {facts.waiver.strip()}",
        )
    return _if(length.plain, th, en)


def window_not_doubtful(facts: Facts, profile: Profile) -> Verdict:
    if profile.window_days is None or not (facts.opens_on and facts.closes_on):
        return NA
    length = dates.window(facts.opens_on, facts.closes_on, profile.window_days)
    if not length.plain:
        return NA
    return _if(length.strict, *dates.as_days(length.days - 1))


def window_thirty(facts: Facts, profile: Profile) -> Verdict:
    if not (facts.opens_on and facts.closes_on):
        return NA
    days = dates.days_inclusive(facts.opens_on, facts.closes_on)
    return _if(days >= MONTH, *dates.as_days(days))


def stakeholders_told(facts: Facts, profile: Profile) -> Verdict:
    n = facts.stakeholders_told
    return _if(n, f"{n:,} องค์กร", f"{n:,} organisations")


# --- methods and questions ---------------------------------------------------
def has_method(facts: Facts, profile: Profile) -> Verdict:
    n = len(facts.methods_that_count)
    return _if(n, f"{n} วิธี", f"{n} method" if n == 1 else f"{n} methods")


def other_method_explained(facts: Facts, profile: Profile) -> Verdict:
    others = [m for m in facts.methods if m.code == "other"]
    return _if(all(m.detail.strip() for m in others)) if others else NA


def second_method(facts: Facts, profile: Profile) -> Verdict:
    return _if(len({m.code for m in facts.methods_that_count}) > 1)


def sessions_complete(facts: Facts, profile: Profile) -> Verdict:
    if not facts.sessions:
        return NA
    bad = [
        s
        for s in facts.sessions
        if not (s.place.strip() and s.time.strip() and s.host.strip() and s.heads)
    ]
    return _if(not bad, f"ไม่ครบ {len(bad)} ครั้ง" if bad else "")


def has_question(facts: Facts, profile: Profile) -> Verdict:
    return _if(facts.questions, f"{facts.questions} ข้อ", f"{facts.questions} questions")


# --- results -----------------------------------------------------------------
def results_in_time(facts: Facts, profile: Profile) -> Verdict:
    late = results.days_late(facts)
    if late:
        return _failed(f"เกินกำหนด {late} วัน", f"{dates.as_days(late)[1]} overdue")
    if results.due_on(facts) is None:
        return NA
    return _passed() if results.told_on(facts) else Verdict(Outcome.NOT_YET)


def bill_results_wait(facts: Facts, profile: Profile) -> Verdict:
    ended = facts.completed_on
    if ended is None or ended >= facts.today:
        return NA
    published = facts.report.published_on if facts.report else None
    days = ((published or facts.today) - ended).days
    return _if(days <= dates.FIFTEEN, *dates.as_days(days))


def summary_written(facts: Facts, profile: Profile) -> Verdict:
    return _if(facts.report and facts.report.summary.strip())


def themes_reviewed(facts: Facts, profile: Profile) -> Verdict:
    n = facts.unreviewed_themes
    return _if(not n, f"{n:,} ประเด็น", f"{n:,} themes")


def _themes(bad: list[ThemeFact], facts: Facts) -> Verdict:
    """Fail with the themes named: their numbers in the report are not the desk's."""
    if not facts.themes:
        return NA
    if not bad:
        return _passed()
    named = ", ".join(f"{t.number} “{t.title[:TITLE]}”" for t in bad[:LISTED])
    more = len(bad) - LISTED
    return _failed(
        f"ประเด็นที่ {named}" + (f" และอีก {more}" if more > 0 else ""),
        f"themes {named}" + (f" and {more} more" if more > 0 else ""),
    )


def themes_replied(facts: Facts, profile: Profile) -> Verdict:
    short = [t for t in facts.themes if len(t.reply.strip()) < SHORTEST_REPLY]
    return _themes(short, facts)


def nobody_left_out(facts: Facts, profile: Profile) -> Verdict:
    n = facts.alone
    return _if(
        not n,
        f"{n:,} ความเห็นไม่อยู่ในประเด็นใด จึงไม่มีคำชี้แจงเฉพาะ" if n else "",
        f"{n:,} in no theme and so without a reply of their own" if n else "",
    )


def themes_decided(facts: Facts, profile: Profile) -> Verdict:
    return _themes(
        [
            t
            for t in facts.themes
            if t.decision not in DECISIONS or not t.reason.strip()
        ],
        facts,
    )


def answers_signed(facts: Facts, profile: Profile) -> Verdict:
    return _themes([t for t in facts.themes if not t.signed], facts)


def changes_named(facts: Facts, profile: Profile) -> Verdict:
    return _themes(
        [t for t in facts.themes if t.decision in CHANGING and not t.change_named],
        facts,
    )


def nothing_pending(facts: Facts, profile: Profile) -> Verdict:
    return _themes([t for t in facts.themes if t.decision == "pending"], facts)


def replies_differ(facts: Facts, profile: Profile) -> Verdict:
    same = Counter(t.reply.strip() for t in facts.themes if t.reply.strip())
    bad = [t for t in facts.themes if same.get(t.reply.strip(), 0) > SAME_REPLIES]
    return _themes(bad, facts)


def all_placed(facts: Facts, profile: Profile) -> Verdict:
    n = facts.unplaced
    return _if(not n, f"{n:,} ความเห็น", f"{n:,} comments")


def totals_reconcile(facts: Facts, profile: Profile) -> Verdict:
    t = facts.totals
    parts = t.counted + t.late + t.hidden + t.withdrawn + t.duplicate
    wrong = [b.dimension for b in t.breakdowns if b.total != t.counted]
    line = (
        f"{t.received:,} = {t.counted:,} + {t.late:,} + {t.hidden:,} + "
        f"{t.withdrawn:,} + {t.duplicate:,}"
    )
    return _if(parts == t.received and not wrong, line, line)


def impact_announced(facts: Facts, profile: Profile) -> Verdict:
    return _if(facts.report and facts.report.harms.strip())


def ria_attached(facts: Facts, profile: Profile) -> Verdict:
    return _if("ria" in facts.documents)


def signed_off(facts: Facts, profile: Profile) -> Verdict:
    return _if(
        facts.report
        and facts.report.signer_name.strip()
        and facts.report.signer_position.strip()
    )


def next_step(facts: Facts, profile: Profile) -> Verdict:
    written = facts.report and facts.report.next_steps.strip()
    return _if(written or facts.milestones)


def limits_written(facts: Facts, profile: Profile) -> Verdict:
    return _if(facts.report and facts.report.limitations.strip())

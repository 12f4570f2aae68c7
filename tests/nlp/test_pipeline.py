"""The whole pipeline: every comment accounted for, the same bytes every time."""

from __future__ import annotations

import io
import json
import random
from collections import Counter

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from comments.nlp import pipeline
from comments.nlp.encoders import EncoderError, encoder_named
from comments.nlp.pipeline import Parameters, Reviewed, assign_new, run
from comments.nlp.rare import allowance
from comments.nlp.text import Comment, InputError
from comments.nlp.theme_map import place_themes
from tests.nlp.voices import labelled, rows

HASHING = Parameters(encoder="hashing")


def as_bytes(result) -> bytes:
    stream = io.BytesIO()
    result.write(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def result():
    return run(rows(), parameters=HASHING)


def test_every_comment_is_in_one_theme_or_one_bucket(result):
    given = Counter(row["id"] for row in rows())
    assert Counter(a.id for a in result.assignments) == given
    names = {theme.id for theme in result.themes}
    for a in result.assignments:
        assert (a.theme is None) != (a.bucket is None)
        assert a.theme is None or a.theme in names
        assert a.bucket in (None, "other", "no_reason", "few")
        assert a.theme not in a.also
    assert {r["id"]: r["ok"] for r in result.run["metrics"]["rules"]}["accounted"]


def test_sizes_and_stances_add_up(result):
    for theme in result.themes:
        inside = [a for a in result.assignments if a.theme == theme.id]
        assert theme.size == len(inside) == sum(theme.stances.values())
        assert theme.distinct <= theme.size
    sizes = [theme.size for theme in result.themes]
    assert sizes == sorted(sizes, reverse=True)


def test_quotations_are_characters_of_the_input_one_for_each_stance(result):
    text = {row["id"]: row["text"] for row in rows()}
    stance = {a.id: a.stance for a in result.assignments}
    group = {m: g.id for g in result.duplicates for m in g.members}
    for theme in result.themes:
        assert theme.quotes
        for quote in theme.quotes:
            piece = text[quote.comment][quote.start : quote.end]
            assert piece
            assert piece == piece.strip()
        assert {stance[q.comment] for q in theme.quotes} == set(theme.stances)
        copies = [group[q.comment] for q in theme.quotes if q.comment in group]
        assert len(copies) == len(set(copies))


def test_a_campaign_is_one_group_with_its_template(result):
    campaign = next(g for g in result.duplicates if "c0" in g.members)
    assert set(campaign.members) == {f"c{i}" for i in range(8)}
    assert campaign.template == next(r["text"] for r in rows() if r["id"] == "c0")
    themes = {a.theme for a in result.assignments if a.id in campaign.members}
    assert len(themes) == 1
    assert themes != {None}


def test_texts_without_a_reason_are_told_apart(result):
    bucket = {a.id: a.bucket for a in result.assignments}
    for number in (0, 1, 2, 3, 4):
        assert bucket[f"odd-{number}"] == "no_reason"
    assert bucket["odd-5"] != "no_reason"  # one word that names a topic


def test_topics_are_found():
    texts = labelled()
    found = run([{"id": i, "text": t} for i, (t, _) in enumerate(texts)])
    truth = [topic for _, topic in texts]
    machine = [str(a.theme or a.bucket) for a in found.assignments]
    assert adjusted_rand_score(truth, machine) > 0.6
    assert sum(a.bucket is not None for a in found.assignments) <= 0.08 * len(texts)
    named = " ".join(p for theme in found.themes for p in theme.phrases)
    assert "สุนัข" in named or "จรจัด" in named


def test_any_order_any_processes_same_bytes(result):
    shuffled = rows()
    random.Random(11).shuffle(shuffled)
    two = Parameters(encoder="hashing", processes=2)
    assert as_bytes(run(shuffled, parameters=two)) == as_bytes(result)


def test_a_killed_run_goes_on_to_the_same_bytes(result, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "_TEXTS_PER_ENCODING", 16)
    monkeypatch.setattr(pipeline, "_ENCODINGS_PER_CHECKPOINT", 1)
    undisturbed = as_bytes(run(rows(), parameters=HASHING))

    class Killed(BaseException):
        pass

    def kill(stage, done, total):
        if stage == "encode" and done > total / 2:
            raise Killed

    with pytest.raises(Killed):
        run(rows(), parameters=HASHING, progress=kill, workdir=tmp_path)
    kept = list(tmp_path.glob("encoded-*.npy"))
    assert kept
    calls = []
    encoder = type(encoder_named("hashing"))
    before = encoder.encode

    def counting(self, texts):
        calls.append(len(texts))
        return before(self, texts)

    monkeypatch.setattr(encoder, "encode", counting)
    again = run(rows(), parameters=HASHING, workdir=tmp_path)
    assert as_bytes(again) == undisturbed
    assert sum(calls) < len({r["text"] for r in rows()})


def test_a_checkpoint_of_another_input_is_not_used(tmp_path):
    run(rows(), parameters=HASHING, workdir=tmp_path)
    other = [{"id": r["id"], "text": r["text"] + " ก"} for r in rows()]
    fresh = as_bytes(run(other, parameters=HASHING))
    assert as_bytes(run(other, parameters=HASHING, workdir=tmp_path)) == fresh


def test_a_dozen_distinct_arguments_are_a_dozen_themes():
    texts = [text for text, _ in labelled()[::10]][:11]
    given = [{"id": i, "text": t} for i, t in enumerate([*texts, texts[0] + "ครับ"])]
    found = run(given, parameters=HASHING)
    assert len(found.themes) == 11
    assert found.themes[0].size == 2
    assert found.themes[0].distinct == 1
    assert all(a.theme for a in found.assignments)


@pytest.mark.parametrize("texts", [[], [""], ["เห็นด้วย"], ["ภาษี"], ["😀"] * 40])
def test_next_to_nothing_does_not_break_it(texts):
    found = run([{"id": i, "text": t} for i, t in enumerate(texts)], parameters=HASHING)
    assert len(found.assignments) == len(texts)


def test_a_lone_argument_in_a_crowd_is_listed():
    crowd = [text for text, _ in labelled()]
    lone = "ควรมีล่ามภาษามือในทุกเวทีรับฟังความคิดเห็น คนหูหนวกจะได้เข้าใจสิทธิ"
    given = [{"id": i, "text": t} for i, t in enumerate([*crowd, lone])]
    found = run(given, parameters=HASHING)
    assert found.assignments[-1].bucket in ("few", "other")
    listed = sum(a.bucket in ("few", "other") for a in found.assignments)
    assert 1 <= listed <= allowance(len(given))


def test_detail_changes_the_number_of_themes():
    given = [{"id": i, "text": t} for i, (t, _) in enumerate(labelled())]
    counts = [
        len(run(given, parameters=Parameters(encoder="hashing", detail=d)).themes)
        for d in ("fewer", "normal", "more")
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


@pytest.mark.parametrize("size", [13, 16, 25, 45, 90])
def test_more_detail_never_means_fewer_themes_in_a_small_consultation(size):
    texts = [text for text, _ in labelled()]
    random.Random(size).shuffle(texts)
    given = [{"id": i, "text": t} for i, t in enumerate(texts[:size])]
    counts = [
        len(run(given, parameters=Parameters(encoder="hashing", detail=d)).themes)
        for d in ("fewer", "normal", "more")
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_lone_argument_among_twenty_is_listed():
    crowd = [text for text, topic in labelled() if topic == "dogs"][:20]
    lone = "ควรมีล่ามภาษามือในทุกเวทีรับฟังความคิดเห็น คนหูหนวกจะได้เข้าใจสิทธิ"
    given = [{"id": i, "text": t} for i, t in enumerate([*crowd, lone])]
    found = run(given, parameters=HASHING)
    assert [a.id for a in found.assignments if a.bucket in ("few", "other")] == [20]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([{"id": 1}], "'text' is missing"),
        ([{"text": "ก"}], "'id' is missing"),
        ([{"id": 1.5, "text": "ก"}], "'id' must be"),
        ([{"id": True, "text": "ก"}], "'id' must be"),
        ([{"id": 1, "text": 5}], "'text' must be"),
        ([{"id": 1, "text": "ก", "stance": "maybe"}], "stance"),
        ([{"id": 1, "text": "ก"}, {"id": 1, "text": "ข"}], "twice"),
        (["ก"], "expected an object"),
    ],
)
def test_unusable_input_is_refused_with_the_reason(given, message):
    with pytest.raises(InputError, match=message):
        run(given, parameters=HASHING)


def test_one_and_its_string_are_two_ids():
    found = run([{"id": 1, "text": "ก"}, {"id": "1", "text": "ข"}], parameters=HASHING)
    assert [a.id for a in found.assignments] == [1, "1"]


def test_an_unknown_encoder_is_named():
    with pytest.raises(EncoderError, match="nonesuch"):
        run([{"id": 1, "text": "ก"}], parameters=Parameters(encoder="nonesuch"))


def test_the_run_says_what_made_it(result):
    said = result.run
    assert said["encoder"] == "hashing:1"
    assert said["seed"] == 0
    assert len(said["input_hash"]) == 64
    assert said["dictionary"].startswith("words-")
    assert "processes" not in json.dumps(said)
    assert json.loads(as_bytes(result))["run"] == said


def test_new_comments_join_frozen_themes_and_move_nobody():
    texts = labelled()
    number = {
        topic: i for i, topic in enumerate(("dogs", "noise", "market", "fees"), 1)
    }
    old = [
        Reviewed(Comment(i, text), number[topic])
        for i, (text, topic) in enumerate(texts)
        if i % 5
    ]
    new = [{"id": i, "text": text} for i, (text, _) in enumerate(texts) if i % 5 == 0]
    copy = {"id": "copy", "text": f"{old[3].comment.text} ครับ"}
    bare = {"id": "bare", "text": "เห็นด้วยครับ"}
    off = {"id": "off", "text": "The satellite launch was delayed by heavy rain."}
    given = assign_new(old, [*new, copy, bare, off])
    by_id = {a.id: a for a in given}
    assert set(by_id) == {row["id"] for row in [*new, copy, bare, off]}
    assert (by_id["copy"].theme, by_id["copy"].source) == (old[3].theme, "dup")
    assert by_id["bare"].bucket == "no_reason"
    assert by_id["off"].bucket == "other"
    right = sum(by_id[r["id"]].theme == number[texts[r["id"]][1]] for r in new)
    assert right >= 0.85 * len(new)
    with pytest.raises(InputError, match="already reviewed"):
        assign_new(old, [{"id": 1, "text": "ก"}], parameters=HASHING)


def test_a_map_places_every_theme_between_nought_and_one(result):
    places = result.run["metrics"]["map"]["themes"]
    assert set(places) == {str(theme.id) for theme in result.themes}
    assert all(0 <= at <= 1 for place in places.values() for at in place)
    assert len({tuple(at) for at in places.values()}) == len(places)
    widest = max(np.ptp([place[axis] for place in places.values()]) for axis in (0, 1))
    assert widest == 1


def test_themes_close_in_meaning_lie_close_on_the_map():
    rows = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 0, 1]], np.float32)
    at = {k: np.array(v) for k, v in place_themes(rows, [1, 2, 3]).items()}
    assert np.hypot(*(at["1"] - at["2"])) < np.hypot(*(at["1"] - at["3"])) / 4
    assert place_themes(rows, []) == {}
    assert place_themes(rows, [1]) == {"1": [0.5, 0.5]}
    assert place_themes(rows[[0, 0]], [1, 2]) == {"1": [0.5, 0.5], "2": [0.5, 0.5]}


def test_every_comment_in_a_theme_has_a_second_best(result):
    names = {theme.id for theme in result.themes}
    small = run(rows()[:9], parameters=HASHING)
    for a in [*result.assignments, *small.assignments]:
        if a.theme is not None:
            assert a.runner_up in names | {t.id for t in small.themes}
            assert a.runner_up != a.theme
            assert a.margin is not None
            assert a.similarity is not None

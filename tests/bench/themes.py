"""``python -m tests.bench.themes``: the themes pipeline measured, baselines beside it.

Reads the labelled sets in ``../shared`` (nothing of them is kept); prints why it skips
what is absent.  ``--sets sib,polis`` and ``--part quality|copies|rare|time`` narrow it.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import argparse  # noqa: E402
import random  # noqa: E402
import resource  # noqa: E402
import time  # noqa: E402
from difflib import SequenceMatcher  # noqa: E402

import numpy as np  # noqa: E402
from sklearn.metrics import (  # noqa: E402
    adjusted_rand_score,
    normalized_mutual_info_score,
)

from comments.nlp.duplicates import find_groups  # noqa: E402
from comments.nlp.encoders import ENCODERS, encoder_named  # noqa: E402
from comments.nlp.pipeline import Parameters, run  # noqa: E402
from comments.nlp.text import Comment, key  # noqa: E402
from tests.bench import theme_baselines as baselines  # noqa: E402
from tests.bench import theme_scale, theme_sets  # noqa: E402
from tests.bench.lone_arguments import LONE_ARGUMENTS  # noqa: E402

_GREETINGS = (
    "เรียนผู้เกี่ยวข้อง ",
    "สวัสดีครับ ",
    "เรียน คณะกรรมการ ผมขอแสดงความคิดเห็นดังนี้ ",
    "กราบเรียนท่านครับ ",
)
_CLOSINGS = (" ขอบคุณครับ", " ด้วยความเคารพ", " จึงเรียนมาเพื่อโปรดพิจารณา")
_SENTENCES = (
    " ฝากพิจารณาด้วยครับ เพราะชาวบ้านเดือดร้อนกันมาก",
    " ผมอยู่ในพื้นที่มาสิบปีเห็นเรื่องนี้มาตลอด",
    " หวังว่าจะไม่ถูกเก็บเข้าลิ้นชักเหมือนทุกครั้ง",
)


class Remembering:
    """The default encoder with its vectors kept, so that repeated runs are quick."""

    dim = 512

    def __init__(self) -> None:
        self._model = encoder_named("use")
        self.id = f"remembering:{self._model.id}"
        self._known: dict[str, np.ndarray] = {}

    def encode(self, texts):
        new = sorted(set(texts) - self._known.keys(), key=lambda t: (len(t), t))
        if new:
            self._known.update(zip(new, self._model.encode(new), strict=True))
        return np.array([self._known[t] for t in texts], np.float32)


def labels_of(result) -> np.ndarray:
    """Each bucket counts as one class."""
    return np.array([str(a.theme or a.bucket) for a in result.assignments])


def purity(truth, labels) -> float:
    truth, labels = np.asarray(truth), np.asarray(labels)
    hit = 0
    for label in np.unique(labels):
        _, counts = np.unique(truth[labels == label], return_counts=True)
        hit += counts.max()
    return hit / len(truth)


def rows_of(texts) -> list[dict]:
    return [{"id": i, "text": text} for i, text in enumerate(texts)]


def line(name, truth, labels, unassigned, seconds) -> tuple[float, float]:
    nmi = normalized_mutual_info_score(truth, labels)
    ari = adjusted_rand_score(truth, labels)
    print(
        f"  {name:44} NMI {nmi:.3f}  ARI {ari:.3f}  purity {purity(truth, labels):.2f}"
        f"  k {len(set(labels)):3}  unassigned {unassigned:5.1%}  {seconds:6.1f} s"
    )
    return nmi, ari


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def compared(texts: list[str], vectors: np.ndarray, k: int) -> dict:
    """Labels, share unassigned and seconds of each baseline."""
    makers = {
        "recipe": lambda: baselines.recipe(baselines.recipe_space(texts, vectors)),
        "TF-IDF k-means, told k": lambda: baselines.tfidf_kmeans(texts, k),
        "hdbscan": lambda: baselines.umap_hdbscan(vectors),
    }
    found = {}
    for name, make in makers.items():
        started = time.perf_counter()
        labels = make()
        title = name
        if isinstance(labels, tuple):
            title, labels = labels
        seconds = time.perf_counter() - started
        found[title] = (labels, float(np.mean(labels == -1)), seconds)
    return found


def quality(names: list[str]) -> None:
    """NMI, ARI, purity, share unassigned and stability on the labelled sets."""
    remembering = Parameters(encoder="remembering")
    sums: dict[str, list] = {}
    for name in names:
        rows = theme_sets.labelled(name)
        texts, truth = [t for t, _ in rows], [label for _, label in rows]
        k = len(set(truth))
        print(f"{name}: {len(texts)} texts, {k} classes")
        vectors = encoder_named("remembering").encode([t[:2000] for t in texts])

        started = time.perf_counter()
        result = run(rows_of(texts), parameters=remembering)
        seconds = time.perf_counter() - started
        ours = labels_of(result)
        outside = np.mean([a.bucket is not None for a in result.assignments])
        found = {"ours (k not given)": (ours, outside, seconds)}
        found.update(compared(texts, vectors, k))
        for title, (labels, unassigned, seconds) in found.items():
            sums.setdefault(title, []).append(
                line(title, truth, labels, unassigned, seconds)
            )

        again = run(
            rows_of(texts), parameters=Parameters(encoder="remembering", seed=1)
        )
        fewer = run(rows_of(texts)[: len(texts) * 10 // 11], parameters=remembering)
        grown = adjusted_rand_score(labels_of(fewer), ours[: len(fewer.assignments)])
        seeds = adjusted_rand_score(ours, labels_of(again))
        print(
            f"  stability: other seed ARI {seeds:.2f}, +10 % comments ARI "
            f"{grown:.2f}; peak memory {peak_mb()} MB"
        )
    print("mean over the sets:")
    for title, pairs in sums.items():
        nmi, ari = np.mean(pairs, axis=0)
        print(f"  {title:44} NMI {nmi:.3f}  ARI {ari:.3f}")


def copies() -> None:
    """Recall on perturbed texts hidden among others; opposites that were joined."""
    rng = random.Random(1)
    social = [
        t
        for t in theme_sets.texts_of("wisesight") + theme_sets.texts_of("sib")
        if 80 <= len(t) <= 500
    ]
    legal = [t for t, _ in theme_sets.SETS["sections"]() if 80 <= len(t) <= 500]
    rng.shuffle(social)
    crowd = list(dict.fromkeys(social[:9000] + legal))
    chosen = social[:350] + legal[:150]

    def slips(text):
        return "".join(c for c in text if rng.random() > 0.025)

    def cut(text):
        keep = int(len(text) * 0.75)
        start = rng.choice([0, len(text) - keep])
        return text[start : start + keep]

    def spacing(text):
        return "".join(
            f" {c}" if rng.random() < 0.05 else c for c in text.replace(" ", "")
        )

    kinds = {
        "2.5 % of letters dropped": slips,
        "greeting and closing": lambda t: (
            rng.choice(_GREETINGS) + t + rng.choice(_CLOSINGS)
        ),
        "one sentence added": lambda t: t + rng.choice(_SENTENCES),
        "a quarter cut": cut,
        "other spacing": spacing,
    }
    print(f"copies: 500 texts of each kind among {len(crowd)}")
    place = {text: i for i, text in enumerate(crowd)}
    recalls = []
    joins = Joins()
    for kind, change in kinds.items():
        comments = [Comment(i, t) for i, t in enumerate(crowd)]
        comments += [Comment(10**6 + i, change(t)) for i, t in enumerate(chosen)]
        started = time.perf_counter()
        keys = [key(c.text) for c in comments]
        groups = find_groups(comments, keys)
        leader = groups.leader
        joins.count(groups, crowd, keys)
        took = time.perf_counter() - started
        hits = sum(
            leader[len(crowd) + i] == leader[place[t]] for i, t in enumerate(chosen)
        )
        exact = sum(keys[len(crowd) + i] == key(t) for i, t in enumerate(chosen))
        recalls.append(hits / len(chosen))
        print(
            f"  {kind:28} recall {recalls[-1]:.3f}"
            f"  (equal keys alone {exact / len(chosen):.3f})  {took:.1f} s"
        )
    print(f"  mean recall {np.mean(recalls):.3f}")
    print(
        f"  groups {joins.groups}: {joins.originals / joins.groups:.2%} join two "
        f"originals, {joins.unrelated / joins.groups:.2%} two unrelated ones"
    )
    opposites()


class Joins:
    """Counts groups that hold two originals, and of these the ones where less than
    half of the shorter stands in the other (runs of eight characters and more)."""

    def __init__(self) -> None:
        self.groups = self.originals = self.unrelated = 0

    def count(self, groups, crowd, keys) -> None:
        for members in groups.members().values():
            self.groups += 1
            originals = [i for i in members if i < len(crowd)]
            if len(originals) > 1:
                self.originals += 1
                first = keys[originals[0]]
                self.unrelated += any(
                    not _related(first, keys[i]) for i in originals[1:]
                )


def _related(a: str, b: str) -> bool:
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    common = sum(block.size for block in blocks if block.size >= 8)
    return common >= 0.5 * min(len(a), len(b))


def opposites() -> None:
    """Pairs that differ in one turning word, citation or field: none may be joined."""
    changes = (
        ("เห็นด้วย", "ไม่เห็นด้วย"),
        ("ควร", "ไม่ควร"),
        ("มาตรา ๕", "มาตรา ๖"),
        ("มาตรา 12", "มาตรา 21"),
    )
    joined = total = 0
    legal = [t for t, _ in theme_sets.SETS["sections"]()][:300]
    for number, text in enumerate(legal):
        for before, after in changes:
            a = f"{before} {text}" if number % 2 else f"{text} จึง{before}"
            b = a.replace(before, after)
            for pair in (
                (Comment(0, a), Comment(1, b)),
                (Comment(0, a, stance="agree"), Comment(1, a, stance="disagree")),
                (Comment(0, a, section="1"), Comment(1, a, section="2")),
            ):
                total += 1
                keys = [key(c.text) for c in pair]
                joined += bool(find_groups(pair, keys).members())
    print(f"  opposite pairs joined: {joined} of {total}")


def rare() -> None:
    """Lone arguments planted among real texts: how many are listed under few/other."""
    for name, shortest in (("truevoice", 25), ("wisesight", 40)):
        texts = [t for t in theme_sets.texts_of(name) if shortest <= len(t) <= 400]
        crowd = [t for t, _ in theme_sets.cut([(t, "") for t in texts], 20_000)]
        everything = crowd + list(LONE_ARGUMENTS)
        result = run(rows_of(everything), parameters=Parameters(encoder="remembering"))
        listed = [a.id for a in result.assignments if a.bucket in ("few", "other")]
        ours = sum(i >= len(crowd) for i in listed)
        vectors = encoder_named("remembering").encode([t[:2000] for t in everything])
        space = baselines.recipe_space(everything, vectors)
        other = baselines.recipe_rare(space, len(listed))
        theirs = int((other >= len(crowd)).sum())
        print(
            f"rare points in {len(everything)} ({name}): {ours} of "
            f"{len(LONE_ARGUMENTS)} in a list of {len(listed)}; recipe's ten nearest: "
            f"{theirs} in as many"
        )


def timing() -> None:
    """The whole against encoding alone, on two processes, 10,000 comments."""
    texts = [t for t in theme_sets.texts_of("wisesight") if 40 <= len(t) <= 400]
    texts = [t for t, _ in theme_sets.cut([(t, "") for t in texts], 10_000)]
    result = run(rows_of(texts), parameters=Parameters(processes=2))
    whole = sum(result.timings.values())
    print(
        f"time: {len(texts)} comments of mean {np.mean([len(t) for t in texts]):.0f} "
        f"characters in {whole:.1f} s = {whole / result.timings['encode']:.2f} x "
        f"encoding ({result.timings}); peak memory {peak_mb()} MB; "
        f"load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", default=",".join(theme_sets.SETS))
    parser.add_argument(
        "--part", choices=("quality", "copies", "rare", "time"), default=None
    )
    parser.add_argument(
        "--scale", type=int, help="so many comments by command line, killed once"
    )
    options = parser.parse_args()
    if not theme_sets.SHARED.is_dir():
        print("themes bench skipped: ../shared/data is not there")
        return
    if options.scale:
        theme_scale.measure(options.scale)
        return
    ENCODERS["remembering"] = Remembering
    parts = {
        "quality": lambda: quality(options.sets.split(",")),
        "copies": copies,
        "rare": rare,
        "time": timing,
    }
    for name, part in parts.items():
        if options.part in (None, name):
            part()


if __name__ == "__main__":
    main()

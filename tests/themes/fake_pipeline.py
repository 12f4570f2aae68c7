"""A stand-in for ``python -m comments.nlp`` that honours its command line.

What it does is told by the environment-free file ``fake.json`` beside the input's
folder (the pipeline's process gets no variables of ours): a theme per first word.
"""

import json
import os
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path


def main(argv):
    source = Path(argv[0])
    options = {
        argv[i]: argv[i + 1]
        for i in range(1, len(argv) - 1)
        if argv[i].startswith("--")
    }
    plan_file = source.parent.parent / "fake.json"
    plan = json.loads(plan_file.read_text()) if plan_file.exists() else {}
    rows = [json.loads(line) for line in source.read_text().splitlines()]
    (source.parent.parent / "seen.json").write_text(
        json.dumps({"env": dict(os.environ), "argv": argv, "rows": len(rows)})
    )
    say("encoding", 1, len(rows))
    if plan.get("fail"):
        sys.stderr.write(plan["fail"] + "\n")
        return 3
    mark = Path(options["--workdir"]) / "half"
    if plan.get("die_once") and not mark.exists():
        mark.write_text("half done")
        os.kill(os.getpid(), signal.SIGKILL)
    if plan.get("die"):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(plan.get("sleep", 0))
    themes = defaultdict(list)
    out = []
    for row in rows:
        words = row["text"].split()
        themes[words[0] if words else ""].append(row)
    labels = sorted(word for word, found in themes.items() if word and len(found) > 1)
    for row in rows:
        words = row["text"].split()
        theme = labels.index(words[0]) if words and words[0] in labels else None
        bucket = None if theme is not None else "few" if words else "no_reason"
        out.append(
            {
                "id": row["id"],
                "theme": theme,
                "bucket": bucket,
                "also": [],
                "similarity": 0.5,
                "margin": len(row["text"]) / 1000,
                "runner_up": None,
                "source": "auto",
                "stance": row["stance"],
                "stance_source": "form",
            }
        )
    copies = defaultdict(list)
    for row in rows:
        copies[row["text"]].append(row["id"])
    if plan.get("lose"):
        out = out[1:]
    result = {
        "run": {
            "version": 1,
            "seed": int(options["--seed"]),
            "detail": options["--detail"],
            "encoder": options["--encoder"],
        },
        "duplicates": [
            {"id": n, "members": ids, "template": text}
            for n, (text, ids) in enumerate(
                (t, i) for t, i in copies.items() if len(i) > 1 and t
            )
        ],
        "themes": [
            {
                "id": n,
                "label": word,
                "phrases": [word],
                "size": len(themes[word]),
                "distinct": len({row["text"] for row in themes[word]}),
                "stances": {},
                "quotes": [
                    {
                        "comment": themes[word][0]["id"],
                        "start": 0,
                        "end": min(40, len(themes[word][0]["text"])),
                    }
                ],
            }
            for n, word in enumerate(labels)
        ],
        "assignments": out,
    }
    say("clustering", len(rows), len(rows))
    target = Path(options["--output"])
    part = target.with_suffix(".part")
    part.write_text(json.dumps(result, ensure_ascii=False))
    part.replace(target)
    return 0


def say(stage, done, total):
    sys.stderr.write(json.dumps({"stage": stage, "done": done, "total": total}) + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Train the skill's own understanding from all ways of asking: `make models` writes what `classifier.py` reads.

One linear judge for each meaning learns its own sentences against all others (a support vector machine). Near misses of
red flags count against red flags alone, for what they do mean is not known. Small weights are dropped and the rest kept
as whole numbers, so that the file stays small.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from skill.coaching.understanding.classifier import Classifier
from skill.coaching.understanding.features import BUCKETS, bucket_of, features_of, words_of
from skill.coaching.understanding.labels import ANY, KINDS, RED_FLAG, label, split_label

from .paraphrases import Paraphrase, paraphrases

NEAR_MISS = "near_miss"
MOST_WEIGHTS = 1_200_000
"""Weights that are kept, the largest: about two and a half megabytes."""
STRICTNESS = 1.0
"""The C of the support vector machine: set by trying 0.1 to 2 on held-back sentences."""


def digest_of(examples: Iterable[Paraphrase]) -> str:
    """A fingerprint of what was learnt from: the file is current when it carries the fingerprint of today's content."""
    content = hashlib.sha256()
    for example in sorted((example.label, example.text) for example in examples):
        content.update("\t".join(example).encode() + b"\n")
    return content.hexdigest()


def train(examples: Sequence[Paraphrase]) -> Classifier:
    """Learn from the examples."""
    import numpy as np
    from sklearn.svm import LinearSVC

    known = [example for example in examples if split_label(example.label)[0] != NEAR_MISS]
    near = [example for example in examples if split_label(example.label)[0] == NEAR_MISS]
    names = sorted({*(label(kind, ANY) for kind in KINDS), *(example.label for example in known)})
    matrix, near_matrix = _matrix(known), _matrix(near)
    counts = Counter(example.label for example in known)
    importance = np.array([counts[example.label] ** -0.5 for example in known])
    importance /= importance.mean()
    labels = np.array([example.label for example in known])
    judges, biases = [], []
    for name in names:
        kind, member = split_label(name)
        is_red_flag = kind == RED_FLAG
        data = _stacked(matrix, near_matrix) if is_red_flag and near else matrix
        wanted = np.char.startswith(labels, label(kind, "")) if member == ANY else labels == name
        weight = importance
        if is_red_flag and near:
            wanted = np.concatenate([wanted, np.zeros(len(near), dtype=bool)])
            weight = np.concatenate([importance, np.ones(len(near))])
        judge = LinearSVC(C=STRICTNESS, max_iter=5000, random_state=0).fit(data, wanted, sample_weight=weight)
        judges.append(judge.coef_[0])
        biases.append(float(judge.intercept_[0]))
    return _packed(names, np.array(judges), biases)


def _packed(names: Sequence[str], judges: Any, biases: Sequence[float]) -> Classifier:
    """The largest weights as whole numbers, by bucket."""
    import numpy as np

    sizes = np.abs(judges).ravel()
    floor = np.partition(sizes, -MOST_WEIGHTS)[-MOST_WEIGHTS] if sizes.size > MOST_WEIGHTS else 0.0
    scale = float(np.quantile(sizes[sizes > 0], 0.9999)) / 127
    whole = np.clip(np.rint(judges / scale), -127, 127).astype(int)
    whole[np.abs(judges) < floor] = 0
    offsets, labels, weights = array("I", [0]), array("B"), array("b")
    for bucket in range(BUCKETS):
        column = whole[:, bucket]
        for place in np.nonzero(column)[0]:
            labels.append(int(place))
            weights.append(int(column[place]))
        offsets.append(len(labels))
    return Classifier(tuple(names), offsets, labels, weights, scale, tuple(round(bias, 4) for bias in biases))


def _matrix(examples: Sequence[Paraphrase]) -> Any:
    """The features of the examples, each sentence of length one whatever its words."""
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for example in examples:
        buckets = sorted({bucket_of(feature) for feature in features_of(words_of(example.text))})
        columns += buckets
        values += [len(buckets) ** -0.5] * len(buckets)
        starts.append(len(columns))
    return csr_matrix((values, columns, starts), shape=(len(examples), BUCKETS))


def _stacked(first: Any, second: Any) -> Any:
    from scipy.sparse import vstack

    return vstack([first, second]).tocsr()


def write(source: Path, file: Path) -> str:
    """Train and write the file; says how large it became."""
    examples = list(paraphrases(source))
    data = train(examples).to_bytes()
    file.write_bytes(data)
    file.with_suffix(".sha256").write_text(digest_of(examples) + "\n", encoding="utf-8")
    return f"{len(examples)} sentences, {len(data) / 1e6:.1f} MB"


def is_current(source: Path, file: Path) -> bool:
    """Whether the file was learnt from the content as it is now."""
    mark = file.with_suffix(".sha256")
    return (
        file.exists() and mark.exists() and mark.read_text(encoding="utf-8").strip() == digest_of(paraphrases(source))
    )

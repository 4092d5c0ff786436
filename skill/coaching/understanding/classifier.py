"""A linear model over the features of a sentence: for each thing that can be meant, how much speaks for it.

It is trained from the content by `make models` and shipped as one small file of whole numbers. Reading it is one copy
of bytes, and a sentence costs as many additions as its features have weights.
"""

from __future__ import annotations

import json
import math
import sys
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from skill.coaching.understanding.features import BUCKETS, bucket_of

FILE = Path(__file__).parent / "classifier.bin"
HEADER_BYTES = 4


@dataclass(frozen=True)
class Classifier:
    """The trained weights, in rows by bucket: row `b` is `labels[offsets[b]:offsets[b + 1]]` with its weights."""

    names: tuple[str, ...]
    """The labels that can be told apart, 256 at most."""
    offsets: array[int]
    labels: array[int]
    weights: array[int]
    scale: float
    """What one step of a weight is worth."""
    biases: tuple[float, ...]

    def scores(self, features: Iterable[str]) -> list[float]:
        """How much speaks for each label, in the order of `names`; above zero is more for than against."""
        buckets = {bucket_of(feature) for feature in features}
        sums = [0] * len(self.names)
        offsets, labels, weights = self.offsets, self.labels, self.weights
        for bucket in buckets:
            for place in range(offsets[bucket], offsets[bucket + 1]):
                sums[labels[place]] += weights[place]
        worth = self.scale / math.sqrt(len(buckets) or 1)
        return [bias + worth * total for bias, total in zip(self.biases, sums, strict=True)]

    def to_bytes(self) -> bytes:
        """The file's content: a JSON head with its length before it, then the three arrays, little-endian."""
        head = json.dumps(
            {
                "names": self.names,
                "scale": self.scale,
                "biases": self.biases,
                "weights": len(self.weights),
            },
            separators=(",", ":"),
        ).encode()
        arrays = b"".join(_little(values).tobytes() for values in (self.offsets, self.labels, self.weights))
        return len(head).to_bytes(HEADER_BYTES, "little") + head + arrays

    @classmethod
    def from_bytes(cls, data: bytes) -> Classifier:
        """The classifier that `to_bytes` wrote."""
        start = HEADER_BYTES + int.from_bytes(data[:HEADER_BYTES], "little")
        head = json.loads(data[HEADER_BYTES:start])
        count = head["weights"]
        offsets, labels, weights = array("I"), array("B"), array("b")
        after_offsets = start + (BUCKETS + 1) * offsets.itemsize
        after_labels = after_offsets + count * labels.itemsize
        offsets.frombytes(data[start:after_offsets])
        labels.frombytes(data[after_offsets:after_labels])
        weights.frombytes(data[after_labels:])
        return cls(
            tuple(head["names"]),
            _little(offsets),
            _little(labels),
            weights,
            head["scale"],
            tuple(head["biases"]),
        )


@cache
def classifier() -> Classifier:
    """The trained classifier, read at the first use."""
    return Classifier.from_bytes(FILE.read_bytes())


def _little(values: array[int]) -> array[int]:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values

"""What was understood of a sentence, and why: by Alexa's model, and by the skill's own understanding."""

from __future__ import annotations

from simulator.echo import language_model
from skill.coaching.understanding import understand
from skill.coaching.understanding.classifier import classifier
from skill.coaching.understanding.features import features_of, words_of
from skill.coaching.understanding.lexicon import marks_of

MOST_FEATURES = 8


def explain(text: str, locale: str = "en-US") -> str:
    """The explanation as text to read, a fact a line."""
    heard = language_model(locale).understand(text)
    slots = {name: slot.value for name, slot in heard.slots.items()}
    understood = understand(text)
    words = words_of(text)
    lines = [
        f"words        {' '.join(words)}",
        f"names        {', '.join(f'{mark.kind} {mark.value}' for mark in marks_of(words)) or 'none'}",
        f"the model    {heard.intent} {slots or ''} ({heard.reason}, score {heard.score:.2f})",
        f"the skill    {understood.label or 'not known'} ({understood.reason}, score {understood.score:.2f})",
        f"second       {understood.second or 'none'} (score {understood.second_score:.2f})",
    ]
    if understood.slots:
        lines.append(f"slots        { {name: slot.value for name, slot in understood.slots.items()} }")
    if understood.label:
        lines.append("because of   " + ", ".join(_weightiest(understood.label, words)))
    return "\n".join(lines)


def _weightiest(label: str, words: list[str]) -> list[str]:
    """What in the sentence spoke most for a meaning."""
    judge = classifier()
    place = judge.names.index(label)
    weighed = [(judge.scores([feature])[place] - judge.biases[place], feature) for feature in features_of(words)]
    best = sorted(weighed, reverse=True)[:MOST_FEATURES]
    return [f"{_readable(feature)} {weight:+.1f}" for weight, feature in best if weight > 0]


def _readable(feature: str) -> str:
    kind, _, rest = feature.partition(" ")
    names = {"w": "", "b": "", "s": "… ", "c": "letters ", "m": "name ", "k": "names ", "p": "", "t": ""}
    return f"'{names.get(kind, '')}{rest}'"


def main(text: str, locale: str) -> int:
    """Print the explanation."""
    print(explain(text, locale))
    return 0

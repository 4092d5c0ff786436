"""Reads the transcripts of this folder: talks between a person and Hip Coach, written down as data.

A file holds a list of transcripts. Each has a `title`, an `echo` (who speaks, on what device) and a `talk`, a list of
steps. A step does one thing, and says what must come of it:

    you: start the timer        say it; `intent` sends an intent with raw slots instead, for what nobody could type
    permission: yes             answer Alexa's own question (yes, no, silence, or the status and payload that she sends)
    sent_again: true            the last request once more, as Alexa does when she got no answer
        what must come of these four: alexa (all that she says) or says (a part of it), reprompt, outcome, details,
        listening, card; left out, listening is as `alexa` has it: true after a question
    wait: {minutes: 5}          time passes; `announced` is all that timers say meanwhile, nothing when left out
    fail: {timers: 503}         what breaks next: timers, reminders, settings or table, with `times`, `how` and `code`
    elsewhere: {delete: label}  delete, pause or resume a timer, or delete_reminder, by asking Alexa herself
    session_ends: ERROR         Alexa ends the session, for this reason
    forged: {...}               session attributes come back with something else in them
    timers: {label: ON}         the timers that there must be now
    reminders: [{text: ...}]    the reminders that there must be now: text, time (and day) of the first, rules, status
    log: [...]                  the entries that the log must hold now, oldest first; profile and visits where named

`on: bedroom` lets a step happen on another of the `devices` that `echo` lists. `known_fault` says why a transcript
can't hold yet: then it must fail, so that nobody forgets to take the note away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent

EXPECTED = frozenset("alexa says reprompt outcome details listening card".split())
"""What may be expected of a turn."""

_STEPS: Mapping[str, tuple[tuple[type, ...], frozenset[str]]] = {
    "you": ((str,), EXPECTED),
    "intent": ((dict,), EXPECTED),
    "permission": ((str, dict), EXPECTED),
    "sent_again": ((bool,), EXPECTED),
    "wait": ((dict,), frozenset({"announced"})),
    "fail": ((dict,), frozenset()),
    "elsewhere": ((dict,), frozenset()),
    "session_ends": ((str,), frozenset()),
    "forged": ((dict,), frozenset()),
    "timers": ((dict,), frozenset()),
    "reminders": ((list,), frozenset()),
    "log": ((list,), frozenset()),
}
_TRANSCRIPT = frozenset("title echo talk known_fault".split())
_ECHO = frozenset(
    "person timers reminders timer_limit locale screen audio_player time_zone starts_at settings devices".split()
)


class TranscriptError(ValueError):
    """A file is not written as transcripts are. The text says where and how."""


@dataclass(frozen=True)
class Step:
    """One step of a talk."""

    place: str
    """File, title and number, for messages."""
    does: str
    what: Any
    device: str | None
    expected: Mapping[str, Any]


@dataclass(frozen=True)
class Transcript:
    """One talk."""

    file: str
    title: str
    echo: Mapping[str, Any]
    steps: Sequence[Step]
    known_fault: str | None = None

    def words_expected(self) -> Iterator[str]:
        """All that is expected to be heard, word for word."""
        for step in self.steps:
            yield from (step.expected[name] for name in ("alexa", "says", "reprompt") if name in step.expected)
            yield from step.expected.get("announced", [])
            if step.does == "timers":
                yield from step.what


class _Loader(yaml.SafeLoader):
    """YAML in which yes, no, on and off are plain words, and a key that stands twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"{', '.join(twice)} stands twice in one mapping", node.start_mark
            )
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def transcripts(folder: Path = FOLDER) -> list[Transcript]:
    """Every transcript of the folder.

    Raises:
        TranscriptError: when a file is not as it should be, or when two have one title.
    """
    found = [transcript for path in sorted(folder.glob("*.yaml")) for transcript in read_file(path)]
    first: dict[str, str] = {}
    for transcript in found:
        if transcript.title in first:
            places = " and ".join(sorted({first[transcript.title], transcript.file}))
            raise TranscriptError(f"{places}: there are two transcripts with the title {transcript.title!r}")
        first[transcript.title] = transcript.file
    return found


def read_file(path: Path) -> list[Transcript]:
    """The transcripts of one file.

    Raises:
        TranscriptError: when it is not as it should be.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.YAMLError as problem:
        raise TranscriptError(f"{path.name}: not YAML: {problem}") from problem
    if not isinstance(data, list):
        raise TranscriptError(f"{path.name}: must hold a list of transcripts")
    return [_read_transcript(path.name, number, item) for number, item in enumerate(data, 1)]


def _read_transcript(file: str, number: int, data: object) -> Transcript:
    if not isinstance(data, dict) or not isinstance(data.get("title"), str):
        raise TranscriptError(f"{file}, transcript {number}: needs a title")
    place = f"{file}, {data['title']!r}"
    _check_names(place, data, _TRANSCRIPT)
    talk = data.get("talk")
    if not isinstance(talk, list) or not talk:
        raise TranscriptError(f"{place}: needs a talk, a list of steps")
    known_fault = data.get("known_fault")
    if known_fault is not None and not isinstance(known_fault, str):
        raise TranscriptError(f"{place}: known_fault says why, in words")
    steps = [_read_step(f"{place}, step {count}", step) for count, step in enumerate(talk, 1)]
    transcript = Transcript(file, data["title"], _read_echo(place, data.get("echo")), steps, known_fault)
    devices = transcript.echo.get("devices", [None])
    for step in steps:
        if step.device is not None and step.device not in devices:
            raise TranscriptError(f"{step.place}: there is no device {step.device!r}")
    return transcript


def _read_echo(place: str, data: object) -> Mapping[str, Any]:
    echo = {"person": data} if isinstance(data, str) else data
    if not isinstance(echo, dict) or echo.get("person") not in ("new", "returning"):
        raise TranscriptError(f"{place}: echo must be new, returning, or a mapping whose person is one of these")
    _check_names(f"{place}, echo", echo, _ECHO)
    return echo


def _read_step(place: str, data: object) -> Step:
    if not isinstance(data, dict):
        raise TranscriptError(f"{place}: must be a mapping")
    does = [name for name in data if name in _STEPS]
    if len(does) != 1:
        raise TranscriptError(f"{place}: must do exactly one of {', '.join(_STEPS)}")
    kinds, expected = _STEPS[does[0]]
    what = data[does[0]]
    if not isinstance(what, kinds):
        raise TranscriptError(f"{place}: {does[0]} can't be {what!r}")
    _check_names(place, data, expected | {does[0], "on"})
    return Step(place, does[0], what, data.get("on"), {name: data[name] for name in data if name in expected})


def _check_names(place: str, data: Mapping[Any, Any], known: frozenset[str]) -> None:
    unknown = [str(name) for name in data if name not in known]
    if unknown:
        raise TranscriptError(f"{place}: {', '.join(unknown)} is not known here; known are {', '.join(sorted(known))}")

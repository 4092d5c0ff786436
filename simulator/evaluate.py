"""Measure how well utterances are heard: each is spoken to a fresh Echo and held against what it should come to.

The file has no header and four tab-separated fields: utterance, kind, details (`key=value;...` or `none`), register.
The kind also says what situation a line assumes: a session or a stretch that runs, one that is paused, or nothing.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.echo import Echo, Turn

COVERED_AREAS = ("hip", "groin", "pelvis_back")
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
IN_A_STRETCH = frozenset(
    "stretch_next stretch_repeat stretch_previous stretch_pause stretch_resume stretch_stop".split()
)
"""The kinds that are said in the middle of a stretch."""
NOT_AS_ASKED = ("over_limit", "under_limit", "zero", "negative", "open_ended")


class EvaluationError(Exception):
    """The file can't be used: one line that says what is wrong, and where."""


@dataclass(frozen=True)
class Line:
    """One utterance and what it should come to."""

    number: int
    utterance: str
    kind: str
    details: Mapping[str, str]
    register: str

    @property
    def note(self) -> str | None:
        """The special case that the line is about."""
        return self.details.get("note")


@dataclass(frozen=True)
class Result:
    """What a line came to."""

    line: Line
    turn: Turn
    problem: str | None
    """What was not as it should be; None when all was."""


def read_lines(path: Path) -> list[Line]:
    """Read the file.

    Raises:
        EvaluationError: when it can't be read, or a line is not of the format.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise EvaluationError(f"{path} can't be read: {problem}") from None
    lines = []
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            continue
        fields = row.split("\t")
        if len(fields) != 4:
            raise EvaluationError(f"{path}:{number}: four tab-separated fields are wanted, here are {len(fields)}")
        utterance, kind, details, register = fields
        lines.append(Line(number, utterance, kind, _details(details, path, number), register))
    if not lines:
        raise EvaluationError(f"{path} holds no utterances")
    return lines


def _details(text: str, path: Path, number: int) -> dict[str, str]:
    if text == "none":
        return {}
    # A question's facts stand first, without a key.
    text = re.sub(r"^(?=F\d)", "facts=", text)
    parts = [part.partition("=") for part in text.split(";")]
    if any(not separator for _, separator, _ in parts):
        raise EvaluationError(f"{path}:{number}: details must be key=value;... or none, not {text!r}")
    return {key: value for key, _, value in parts}


def evaluate(lines: list[Line]) -> Iterator[Result]:
    """Speak every line in the situation that it assumes."""
    for line in lines:
        turn = _situation(line).say(line.utterance)
        check = CHECKS.get(line.kind)
        yield Result(line, turn, check(line, turn) if check else f"unknown kind {line.kind}")


def _situation(line: Line) -> Echo:
    echo = Echo.returning()
    running = line.kind in ("timer_pause", "timer_resume", "timer_stop", "timer_remaining") or line.note == "extend"
    if running:
        modality = line.details.get("modality", "cold")
        echo.say(f"start {modality if modality in ('heat', 'cold') else 'cold'} therapy for fifteen minutes")
        echo.clock.advance(minutes=4)
    if line.kind == "timer_resume":
        echo.say("pause the session")
        echo.clock.advance(minutes=1)
    if line.kind in IN_A_STRETCH:
        # The question about the hips, the position, the warm-up; then the first stretch is waited for.
        for words in ("start stretching", "no", "ready", "ready"):
            echo.say(words)
    if line.kind == "stretch_resume":
        echo.say("pause the stretch")
    return echo


def _timer_start(line: Line, turn: Turn) -> str | None:
    details = line.details
    area, modality, duration = (_given(details.get(key)) for key in ("area", "modality", "duration"))
    if line.note == "extend":
        return _outcome(turn, "therapy_extended")
    if line.note == "usual":
        return _outcome(turn, "therapy_confirm", "therapy_asked")
    if (area and area not in COVERED_AREAS) or line.note == "area_outside":
        return _outcome(turn, "therapy_declined") or _same(turn, reason="area")
    if modality is None:
        seconds = {"seconds": _seconds(duration)} if duration and _ISO.fullmatch(duration) and not line.note else {}
        return _outcome(turn, "therapy_asked") or _same(turn, **seconds)
    wanted = {"modality": modality} | ({"area": area} if area else {})
    if line.note in NOT_AS_ASKED:
        reason = "range" if duration and duration.startswith("range:") else line.note
        return _outcome(turn, "therapy_confirm") or _same(turn, reason=reason, **wanted)
    if duration is None:
        return _outcome(turn, "therapy_confirm") or _same(turn, **wanted)
    if duration.startswith("range:"):
        return _outcome(turn, "therapy_confirm") or _same(turn, reason="range", **wanted)
    return _outcome(turn, "therapy_started") or _same(turn, seconds=_seconds(duration), **wanted)


def _stretch_start(line: Line, turn: Turn) -> str | None:
    if line.note in ("hip_replacement", "muscle_outside"):
        return _outcome(turn, "stretch_declined")
    muscle = _given(line.details.get("muscle"))
    wanted = {"muscle": muscle} if muscle and muscle != "all" else {}
    return _outcome(turn, "stretch_started") or _same(turn, **wanted)


def _faq(line: Line, turn: Turn) -> str | None:
    first = line.details["facts"].split(",")[0]
    missed = _outcome(turn, "answer")
    if missed or first in turn.details.get("facts", ()):
        return missed
    return f"facts {turn.details.get('facts')}, not {first}"


def _red_flag(line: Line, turn: Turn) -> str | None:
    return _outcome(turn, "red_flag") or _same(turn, action=line.details["action"])


def _log_pain(line: Line, turn: Turn) -> str | None:
    # No score is ever kept, for Amazon's policy forbids it to an ordinary skill; so none is asked for again either.
    return _outcome(turn, "pain_not_kept")


def _reminder(line: Line, turn: Turn) -> str | None:
    # Listing and cancelling count too; to see what there is, the permission is needed first.
    return _outcome(turn, "reminder_asked", "reminder_set", "reminders_told", "reminder_cancelled", "permission_asked")


def _only(*outcomes: str) -> Callable[[Line, Turn], str | None]:
    def check(line: Line, turn: Turn) -> str | None:
        return _outcome(turn, *outcomes)

    return check


CHECKS: Mapping[str, Callable[[Line, Turn], str | None]] = {
    "timer_start": _timer_start,
    "timer_pause": _only("therapy_paused"),
    "timer_resume": _only("therapy_resumed"),
    "timer_stop": _only("therapy_stopped"),
    "timer_remaining": _only("therapy_remaining"),
    "help": _only("help"),
    "stop": _only("goodbye"),
    "stretch_start": _stretch_start,
    "stretch_next": _only("stretch_step", "stretch_started"),
    "stretch_repeat": _only("stretch_repeated"),
    "stretch_previous": _only("stretch_previous"),
    "stretch_pause": _only("stretch_paused"),
    "stretch_resume": _only("stretch_resumed"),
    "stretch_stop": _only("stretch_stopped"),
    "faq": _faq,
    "heat_or_cold_choice": lambda line, turn: (
        _outcome(turn, "heat_or_cold") or _same(turn, lean=line.details.get("lean"))
    ),
    "red_flag": _red_flag,
    "log_pain": _log_pain,
    "history": _only("history", "no_history"),
    "delete_data": _only("delete_asked"),
    "reminder": _reminder,
    "out_of_scope": _only("out_of_scope"),
}
"""How each kind is judged: by the outcome and details in the turn record."""


def _given(value: str | None) -> str | None:
    return None if value in (None, "none") else value


def _seconds(duration: str) -> int:
    """Seconds of an ISO 8601 duration of days down to seconds, as the file has them."""
    match = _ISO.fullmatch(duration)
    if match is None:
        raise EvaluationError(f"{duration} is not a duration")
    units = (86400, 3600, 60, 1)
    return sum(int(part) * unit for part, unit in zip(match.groups(), units, strict=True) if part)


def _outcome(turn: Turn, *expected: str) -> str | None:
    return None if turn.outcome in expected else f"{turn.outcome}, not {' or '.join(expected)}"


def _same(turn: Turn, **wanted: object) -> str | None:
    wrong = [
        f"{key} {turn.details.get(key)!r}, not {value!r}"
        for key, value in wanted.items()
        if turn.details.get(key) != value
    ]
    return "; ".join(wrong) or None


def main(path: Path, show_misses: bool = True) -> int:
    """Print a table of the kinds and every miss. Returns the exit code: 2 when the file can't be used."""
    try:
        lines = read_lines(path)
    except EvaluationError as problem:
        print(problem, file=sys.stderr)
        return 2
    by_kind: dict[str, list[Result]] = defaultdict(list)
    for result in evaluate(lines):
        by_kind[result.line.kind].append(result)
    results = [result for kind in by_kind.values() for result in kind]
    print(f"{'kind':22}{'lines':>6}{'right':>6}{'':>7}")
    for kind in sorted(by_kind):
        _print_row(kind, by_kind[kind])
    _print_row("all", results)
    alarms = [r for r in results if r.turn.outcome == "red_flag" and r.line.kind != "red_flag"]
    others = [r for r in results if r.line.kind != "red_flag"]
    print(f"false alarms: {len(alarms)} of {len(others)}")
    _print_learnt(results)
    if show_misses:
        for result in results:
            if result.problem:
                heard = result.turn.understood
                intent = heard.intent if heard else "-"
                print(
                    f"{result.line.number:4} {result.line.kind:20} {result.line.utterance!r}: "
                    f"{result.problem} ({intent})"
                )
    return 0


def _print_learnt(results: list[Result]) -> None:
    """A line that is learnt word for word measures nothing: which there are, and the figure without them."""
    from interaction_models.build import SOURCE
    from interaction_models.paraphrases import learnt_word_for_word

    learnt = learnt_word_for_word(SOURCE)
    known = sorted(result.line.utterance for result in results if result.line.utterance in learnt)
    if not known:
        return
    rest = [result for result in results if result.line.utterance not in learnt]
    print(f"learnt word for word: {len(known)} ({', '.join(known)})")
    if rest:
        _print_row("without these", rest)


def _print_row(kind: str, results: list[Result]) -> None:
    right = sum(result.problem is None for result in results)
    print(f"{kind:22}{len(results):6}{right:6}{right / len(results):7.1%}")

"""Measuring how utterances are heard: the file's format, and how each kind is judged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from simulator.echo import Turn
from simulator.evaluate import CHECKS, EvaluationError, Line, evaluate, main, read_lines


def written(folder: Path, text: str) -> Path:
    path = folder / "utterances.tsv"
    path.write_text(text, encoding="utf-8")
    return path


# ---- The file


def test_a_line_is_an_utterance_its_kind_its_details_and_who_speaks(tmp_path: Path) -> None:
    path = written(
        tmp_path, "chill my hip\ttimer_start\tmodality=cold;note=usual\tpatient\n\nhelp me\thelp\tnone\tcaregiver\n"
    )
    first, second = read_lines(path)
    assert first == Line(1, "chill my hip", "timer_start", {"modality": "cold", "note": "usual"}, "patient")
    assert first.note == "usual"
    assert (second.number, second.details, second.note) == (3, {}, None)


def test_the_facts_of_a_question_stand_without_a_key(tmp_path: Path) -> None:
    [line] = read_lines(written(tmp_path, "why\tfaq\tF22,F16;note=partial\tpatient"))
    assert line.details == {"facts": "F22,F16", "note": "partial"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ok\thelp\tnone\tpatient\nshort\thelp\n", ":2: four tab-separated fields are wanted, here are 2"),
        ("a\tb\tc=d\te\tf\n", ":1: four tab-separated fields are wanted, here are 5"),
        ("ok\thelp\tpatient only\tpatient\n", ":1: details must be key=value"),
        ("", "holds no utterances"),
        ("\n  \n", "holds no utterances"),
    ],
)
def test_a_file_of_another_format_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(EvaluationError) as caught:
        read_lines(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_a_file_that_cannot_be_read_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.tsv"
    broken.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "missing.tsv", tmp_path, broken):
        assert main(path) == 2
        [line] = capsys.readouterr().err.splitlines()
        assert str(path) in line


# ---- How a turn is judged


def problem(kind: str, outcome: str, line: Mapping[str, str] | None = None, **details: Any) -> str | None:
    """What the check of a kind says of a turn with this outcome and these details."""
    turn = Turn("", "", outcome, details, {}, {}, False, {})
    return CHECKS[kind](Line(1, "words", kind, line or {}, "patient"), turn)


COLD = {"modality": "cold", "duration": "PT15M", "area": "hip"}
STARTED: dict[str, Any] = {"modality": "cold", "seconds": 900, "area": "hip"}


@pytest.mark.parametrize(
    ("line", "outcome", "details"),
    [
        (COLD, "therapy_started", STARTED),
        ({"modality": "cold", "duration": "PT0H15M", "area": "none"}, "therapy_started", STARTED | {"area": None}),
        ({"modality": "cold", "duration": "none", "area": "none"}, "therapy_confirm", {"modality": "cold"}),
        ({"modality": "none", "duration": "PT15M", "area": "none"}, "therapy_asked", {"seconds": 900}),
        ({"modality": "none", "duration": "none", "area": "none"}, "therapy_asked", {}),
        (COLD | {"duration": "range:10/15"}, "therapy_confirm", STARTED | {"reason": "range"}),
        (COLD | {"duration": "PT1H", "note": "over_limit"}, "therapy_confirm", STARTED | {"reason": "over_limit"}),
        (COLD | {"duration": "PT0S", "note": "zero"}, "therapy_confirm", STARTED | {"reason": "zero"}),
        (COLD | {"area": "knee", "note": "area_outside"}, "therapy_declined", {"reason": "area"}),
        ({"note": "extend"}, "therapy_extended", {}),
        ({"note": "usual"}, "therapy_confirm", {}),
    ],
)
def test_a_start_is_right_when_what_was_understood_is(
    line: dict[str, str], outcome: str, details: dict[str, Any]
) -> None:
    assert problem("timer_start", outcome, line, **details) is None
    # AND wrong with any other outcome
    assert problem("timer_start", "fallback", line, **details) is not None


@pytest.mark.parametrize(
    ("kind", "right", "line", "details"),
    [
        ("timer_pause", "therapy_paused", {}, {}),
        ("timer_resume", "therapy_resumed", {}, {}),
        ("timer_stop", "therapy_stopped", {}, {}),
        ("timer_remaining", "therapy_remaining", {}, {}),
        ("help", "help", {}, {}),
        ("stop", "goodbye", {}, {}),
        ("stretch_start", "stretch_started", {"muscle": "piriformis"}, {"muscle": "piriformis"}),
        ("stretch_start", "stretch_started", {"muscle": "all"}, {"muscle": "hamstrings"}),
        ("stretch_start", "stretch_declined", {"muscle": "piriformis", "note": "hip_replacement"}, {}),
        ("stretch_start", "stretch_declined", {"note": "muscle_outside"}, {}),
        ("stretch_next", "stretch_step", {}, {}),
        ("stretch_repeat", "stretch_repeated", {}, {}),
        ("stretch_previous", "stretch_previous", {}, {}),
        ("stretch_pause", "stretch_paused", {}, {}),
        ("stretch_resume", "stretch_resumed", {}, {}),
        ("stretch_stop", "stretch_stopped", {}, {}),
        ("faq", "answer", {"facts": "F22,F16"}, {"facts": ["F16", "F22"]}),
        ("heat_or_cold_choice", "heat_or_cold", {"lean": "heat"}, {"lean": "heat"}),
        ("red_flag", "red_flag", {"type": "x", "action": "emergency"}, {"action": "emergency"}),
        ("log_pain", "pain_not_kept", {"score": "7"}, {}),
        ("log_pain", "pain_not_kept", {"score": "none"}, {}),
        ("history", "no_history", {}, {}),
        ("delete_data", "delete_asked", {}, {}),
        ("reminder", "reminder_asked", {}, {}),
        ("reminder", "reminders_told", {}, {}),
        ("reminder", "reminder_cancelled", {}, {}),
        ("out_of_scope", "out_of_scope", {"topic": "x"}, {}),
    ],
)
def test_every_other_kind_is_judged_by_its_outcome(
    kind: str, right: str, line: dict[str, str], details: dict[str, Any]
) -> None:
    assert problem(kind, right, line, **details) is None
    wrong = problem(kind, "fallback", line, **details)
    assert wrong is not None
    assert "fallback, not" in wrong


@pytest.mark.parametrize(
    ("kind", "outcome", "line", "details"),
    [
        ("faq", "answer", {"facts": "F22"}, {"facts": ["F16"]}),
        ("faq", "answer", {"facts": "F22"}, {}),
        ("red_flag", "red_flag", {"action": "emergency"}, {"action": "urgent"}),
        ("heat_or_cold_choice", "heat_or_cold", {"lean": "heat"}, {"lean": "cold"}),
        ("stretch_start", "stretch_started", {"muscle": "piriformis"}, {"muscle": "hamstrings"}),
        ("timer_start", "therapy_started", COLD, STARTED | {"area": "groin"}),
        ("timer_start", "therapy_started", COLD, STARTED | {"seconds": 600}),
        ("timer_start", "therapy_started", COLD, STARTED | {"modality": "heat"}),
        ("timer_start", "therapy_declined", COLD | {"area": "knee"}, {"reason": "too_soon"}),
    ],
)
def test_the_right_outcome_with_a_wrong_detail_is_wrong(
    kind: str, outcome: str, line: dict[str, str], details: dict[str, Any]
) -> None:
    assert problem(kind, outcome, line, **details) is not None


# ---- A whole file


def test_lines_about_a_stretch_are_spoken_in_the_middle_of_one(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "stretch my piriformis\tstretch_start\tmuscle=piriformis;position=none\tpatient\n"
        "next stretch please\tstretch_next\tnone\tpatient\n"
        "repeat this stretch\tstretch_repeat\tnone\tpatient\n"
        "go back one stretch\tstretch_previous\tnone\tpatient\n"
        "pause stretching\tstretch_pause\tnone\tpatient\n"
        "continue stretching\tstretch_resume\tnone\tpatient\n"
        "stop stretching\tstretch_stop\tnone\tpatient\n",
    )
    assert [result.problem for result in evaluate(read_lines(path))] == [None] * 7


def test_a_file_is_spoken_line_by_line_in_the_situation_it_assumes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(
        tmp_path,
        "start cold therapy for twelve minutes\ttimer_start\tmodality=cold;duration=PT12M;area=none\tpatient\n"
        "pause the session\ttimer_pause\tnone\tpatient\n"
        "resume the session\ttimer_resume\tnone\tpatient\n"
        "add two minutes\ttimer_start\tnote=extend\tpatient\n"
        "help\tstop\tnone\tpatient\n"
        "help\tsing\tnone\tpatient\n",
    )
    results = list(evaluate(read_lines(path)))
    assert [result.problem for result in results[:4]] == [None] * 4
    assert results[4].problem == "help, not goodbye"
    assert results[5].problem == "unknown kind sing"
    # AND the table says as much
    assert main(path) == 0
    table = capsys.readouterr().out
    assert "all                        6     4  66.7%" in table
    assert "false alarms: 0 of 6" in table
    assert "5 stop" in table
    # AND which lines are learnt word for word, so that they measure nothing
    assert "learnt word for word: 2 (pause the session, resume the session)" in table
    assert "without these              4     2  50.0%" in table
    assert main(path, show_misses=False) == 0
    assert "not goodbye" not in capsys.readouterr().out

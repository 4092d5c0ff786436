"""The conversation in the terminal, piped: what is printed, and what is kept from one run to the next."""

from __future__ import annotations

import io
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simulator.cli import main
from simulator.talk import PERSON_FILE, TalkOptions, read_person, talk


def conversation(folder: Path, *lines: str, **options: Any) -> list[str]:
    """What is printed when these lines are piped in."""
    out = io.StringIO()
    talk(TalkOptions(data=folder, **options), io.StringIO("".join(f"{line}\n" for line in lines)), out)
    return out.getvalue().splitlines()


def test_a_session_is_timed_and_is_there_in_the_next_run(tmp_path: Path) -> None:
    # WHEN somebody starts a session, and leaves
    first = conversation(
        tmp_path,
        "start cold therapy for fifteen minutes",
        "",
        ":timers",
        ":why",
        ":skip 6",
        ":log",
        ":nonsense",
        ":skip",
    )
    text = "\n".join(first)
    # THEN what was said, heard and logged can be read
    assert first[0].startswith("Hip Coach on your desk. You are somebody who has used Hip Coach before.")
    assert "You:   start cold therapy for fifteen minutes" in first
    assert "Alexa: Fifteen minutes of cold, starting now." in text
    assert "(logged: cold, 15 minutes, running, " in text
    assert '"timerLabel": "cold session"' in text
    assert "(StartTherapyIntent " in text
    assert "Alexa: From Hip Coach: Time to look at the skin." in text
    assert '"planned_seconds": 900' in text
    assert "(there is no :nonsense; try :help)" in text
    assert "(that is not how :skip goes; try :help)" in text
    assert "(a session is still running; it goes on until you come back)" in text
    # AND when they come back, it is still in the log, and still runs
    second = "\n".join(conversation(tmp_path, "open hip coach", "stop the session", ":quit", "never read"))
    assert "(in your log: cold, 15 minutes, running, " in second
    assert "Hello again. Your cold session is running" in second
    assert "(logged: cold, 15 minutes, stopped, " in second
    assert "never read" not in second
    assert "still running" not in second


def test_a_reminder_rings_and_is_there_in_the_next_run(tmp_path: Path) -> None:
    asked = ["remind me to stretch in two hours", "yes", "i approve", ":reminders"]
    text = "\n".join(conversation(tmp_path, *asked, new_person=True))
    assert "Alexa: Do you give Hip Coach permission to update your reminders? You can say I approve or no." in text
    assert '"offsetInSeconds": 7200' in text
    assert "Here's your reminder" not in text
    later = conversation(tmp_path, ":skip 121")
    assert "Alexa: Here's your reminder: Time for your hip stretches." in later


def test_every_line_for_machines_is_json_and_a_new_person_is_new(tmp_path: Path) -> None:
    lines = conversation(
        tmp_path,
        "start heat for ten minutes",
        "yes",
        "i approve",
        ":help",
        ":fail table throttled",
        as_json=True,
        new_person=True,
    )
    objects = [json.loads(line) for line in lines]
    assert [thing["type"] for thing in objects[:2]] == ["note", "turn"]
    turns = [thing for thing in objects if thing["type"] == "turn"]
    assert [turn["outcome"] for turn in turns] == ["safety_asked", "permission_asked", "therapy_started"]
    assert turns[0]["you"] == "start heat for ten minutes"
    assert turns[0]["errors"] == []
    assert turns[0]["request"]["request"]["type"] == "IntentRequest"
    [asked] = [thing for thing in objects if thing["type"] == "alexa"]
    assert asked["alexa"].startswith("Do you give Hip Coach permission")
    assert any(thing.get("entry", {}).get("modality") == "heat" for thing in objects)
    assert objects[-2]["text"] == "the next call to table will fail"


@pytest.mark.parametrize("spoilt", ["", "{", "[]", "null", '{"user_id": 7}', '{"user_id": "x", "cloud": []}'])
def test_who_spoke_last_is_nobody_when_the_file_is_spoilt(tmp_path: Path, spoilt: str) -> None:
    path = tmp_path / PERSON_FILE
    assert read_person(path) == {}
    path.write_text(spoilt, encoding="utf-8")
    assert not isinstance(read_person(path).get("cloud"), dict)


def test_a_spoilt_person_file_is_survived(tmp_path: Path) -> None:
    (tmp_path / PERSON_FILE).write_text('{"user_id": "amzn1', encoding="utf-8")
    lines = conversation(tmp_path, "open hip coach", screen=True)
    assert any(line.startswith("Alexa: Hello again.") for line in lines)
    assert "user_id" in json.loads((tmp_path / PERSON_FILE).read_text(encoding="utf-8"))


# ---- When it can't be done


def complaint(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, list[str]]:
    monkeypatch.setattr(sys, "stdin", io.StringIO("help\n"))
    code = main(["talk", *arguments])
    return code, capsys.readouterr().err.splitlines()


def test_a_folder_that_cannot_be_written_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    code, errors = complaint(["--data", str(tmp_path / "file")], capsys, monkeypatch)
    assert code == 2
    [line] = errors
    assert line.startswith("hip-coach: the folder ")
    assert "choose another one" in line


def test_a_busy_port_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, errors = complaint(["--data", str(tmp_path), "--port", str(port)], capsys, monkeypatch)
    assert code == 2
    [line] = errors
    assert line.startswith(f"hip-coach: port {port} cannot be used")


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan", "3601"])
def test_a_speed_that_is_none_is_refused(speed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["talk", "--speed", speed])
    assert left.value.code == 2
    assert "must be a number from above 0 to 3600" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536", "99999", "first"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["talk", "--port", port])
    assert left.value.code == 2
    assert "must be a number from 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("spoilt", [b"", b"\xff{", b"[]", b"{}", b'{"payload": 3}', b'{"payload": {"tables": 5}}'])
def test_a_log_that_cannot_be_read_is_not_written_over(
    spoilt: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = tmp_path / "dynamodb" / "dynamodb.json"
    tables.parent.mkdir()
    tables.write_bytes(spoilt)
    code, errors = complaint(["--data", str(tmp_path)], capsys, monkeypatch)
    assert code == 2
    assert errors == [
        f"hip-coach: what was logged in {tables} cannot be read: move that file away to begin anew, or choose another "
        "folder"
    ]
    assert tables.read_bytes() == spoilt


def run_talk(
    tmp_path: Path, typed: bytes | None, monkeypatch: pytest.MonkeyPatch, out: io.TextIOBase | None = None
) -> int:
    """Run `hip-coach talk` on streams as strict as a usual desk's. `typed` None: the input was closed."""
    keyboard = None if typed is None else io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8", errors="strict")
    monkeypatch.setattr(sys, "stdin", keyboard)
    if out is not None:
        monkeypatch.setattr(sys, "stdout", out)
    return main(["talk", "--data", str(tmp_path)])


@pytest.mark.parametrize("typed", [None, b"", b"\xff\xfe\x00ice\n", b"\xed\xa0\x80\n"])
def test_input_that_is_no_text_or_closed_ends_the_talk_in_order(
    typed: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_talk(tmp_path, typed, monkeypatch) == 0
    assert capsys.readouterr().err == ""


def test_of_an_endless_line_the_beginning_is_heard(tmp_path: Path) -> None:
    lines = conversation(tmp_path, "ice " * 10_000, "how much time is left")
    heard = [line for line in lines if line.startswith("You:   ")]
    assert [len(line) < 11_000 for line in heard] == [True, True]
    assert heard[1] == "You:   how much time is left"


def test_a_reader_who_has_read_enough_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    assert run_talk(tmp_path, b"help\n", monkeypatch, Closed()) == 0
    assert capsys.readouterr().err == ""
    assert "user_id" in read_person(tmp_path / PERSON_FILE)


def test_a_closed_window_saves_who_spoke(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "simulator.cli", "talk", "--data", str(tmp_path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        assert window.stdout.readline().startswith("Hip Coach on your desk.")
        window.terminate()
    assert window.returncode == 128 + signal.SIGTERM
    assert "user_id" in read_person(tmp_path / PERSON_FILE)


def test_nor_is_it_for_the_other_tools() -> None:
    arguments = [sys.executable, "-m", "simulator.cli", "explain", "my hip hurts"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tool:
        assert tool.stdout is not None
        assert tool.stderr is not None
        tool.stdout.close()
        assert tool.stderr.read() == ""
    assert tool.returncode == 0

"""The engine on the desk: keeps what it is given, listens here only, says what is wrong, leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator import local_dynamodb
from simulator.local_dynamodb import EngineError, LocalDynamoDB, shared_engine
from simulator.table_faults import TableFaults
from skill.session_log import PROFILE, LogEntry, LogUnavailable, SessionLog, create_table, make_client

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TABLE = "engine-tests"
ENTRY = LogEntry(PROFILE, "profile", 1, "first", {"told_safety": True, "usual_seconds": 900})


def save(endpoint: str) -> None:
    with closing(make_client(endpoint, None)) as client:
        create_table(client, TABLE)
        log = SessionLog(TABLE, b"secret", lambda: client, lambda: NOW)
        assert log.save(log.person("somebody"), [ENTRY]).written == (ENTRY,)


def read(endpoint: str) -> list[LogEntry]:
    with closing(make_client(endpoint, None)) as client:
        create_table(client, TABLE)
        log = SessionLog(TABLE, b"secret", lambda: client, lambda: NOW)
        return log.newest(log.person("somebody"))


def answers(endpoint: str) -> bool:
    """Does anybody listen at this address of this machine?"""
    with socket.socket() as probe:
        return probe.connect_ex((local_dynamodb.HOST, int(endpoint.rpartition(":")[2]))) == 0


def within(seconds: float, truth: object) -> bool:
    """Does it become true in time?"""
    assert callable(truth)
    give_up_at = time.monotonic() + seconds
    while not truth():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.02)
    return True


# ---- What it keeps


def test_a_folder_keeps_the_entries_from_run_to_run(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "if need be"
    with LocalDynamoDB(folder) as engine:
        save(engine.endpoint)
    with LocalDynamoDB(folder) as engine:
        assert read(engine.endpoint) == [ENTRY]
    with LocalDynamoDB(folder) as engine:
        assert read(engine.endpoint) == [ENTRY]


def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with LocalDynamoDB() as engine:
        save(engine.endpoint)
    with LocalDynamoDB() as engine:
        assert read(engine.endpoint) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_the_engine_saves_and_goes_when_its_owner_is_killed(tmp_path: Path) -> None:
    owner = textwrap.dedent(f"""
        import os, signal, sys
        from pathlib import Path
        from simulator.local_dynamodb import LocalDynamoDB
        from tests.simulator.test_local_dynamodb import save
        engine = LocalDynamoDB(Path({str(tmp_path)!r}))
        engine.start()
        engine.wait_ready()
        save(engine.endpoint)
        print(engine.endpoint, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", owner], cwd=root, capture_output=True, text=True, timeout=30)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert within(5, lambda: not answers(ended.stdout.strip()))
    with LocalDynamoDB(tmp_path) as engine:
        assert read(engine.endpoint) == [ENTRY]


# ---- Where it listens


def test_it_listens_on_this_machine_only() -> None:
    with LocalDynamoDB() as engine:
        assert engine.endpoint.startswith("http://127.0.0.1:")
        assert answers(engine.endpoint)
        with socket.socket() as probe:
            probe.settimeout(0.5)
            # Another address of this machine, which an engine bound to every address would answer at.
            assert probe.connect_ex(("127.0.0.2", int(engine.endpoint.rpartition(":")[2]))) != 0


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="reads Linux's list of sockets")
def test_it_opens_no_other_port() -> None:
    with LocalDynamoDB() as engine:
        save(engine.endpoint)
        assert listening(engine.process_id) == [f"0100007F:{int(engine.endpoint.rpartition(':')[2]):04X}"]


def listening(process_id: int | None) -> list[str]:
    """The addresses, in Linux's own spelling, at which a process waits for callers."""
    links = [
        os.readlink(link) for link in Path(f"/proc/{process_id}/fd").iterdir() if link.exists() or link.is_symlink()
    ]
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process_id}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in links:
                found.append(columns[1])
    return found


def test_it_can_have_a_port_of_ones_choice() -> None:
    with closing(socket.socket()) as probe:
        probe.bind((local_dynamodb.HOST, 0))
        port = probe.getsockname()[1]
    with LocalDynamoDB(port=port) as engine:
        assert engine.endpoint == f"http://127.0.0.1:{port}"
        assert read(engine.endpoint) == []


# ---- How it ends


def test_the_child_is_gone_after_stop() -> None:
    engine = LocalDynamoDB()
    engine.start()
    engine.wait_ready()
    endpoint = engine.endpoint
    assert engine.process_id is not None
    engine.stop()
    assert engine.process_id is None
    assert not answers(endpoint)
    engine.stop()  # Twice does no harm.


def test_an_engine_can_be_started_again() -> None:
    engine = LocalDynamoDB()
    for _ in range(2):
        with engine:
            assert read(engine.endpoint) == []


@pytest.mark.skipif(os.name != "posix", reason="sessions are POSIX's")
def test_the_terminals_ctrl_c_does_not_reach_it() -> None:
    with LocalDynamoDB() as engine:
        assert engine.process_id is not None
        assert os.getsid(engine.process_id) != os.getsid(0)


def test_tests_share_one_engine() -> None:
    assert shared_engine() is shared_engine()
    assert answers(shared_engine().endpoint)


# ---- What it says when something is wrong


def line_of(engine: LocalDynamoDB) -> str:
    """The one line with which an engine refuses to start."""
    with pytest.raises(EngineError) as caught, engine:
        pytest.fail("it should not have started")
    assert engine.process_id is None
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_a_port_in_use_is_named() -> None:
    with closing(socket.create_server((local_dynamodb.HOST, 0))) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} cannot be used" in line_of(LocalDynamoDB(port=port))


def test_a_free_port_that_is_lost_in_the_race_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    usable_port = local_dynamodb._usable_port
    with closing(socket.create_server((local_dynamodb.HOST, 0))) as taken:
        ports = iter([taken.getsockname()[1]])
        monkeypatch.setattr(local_dynamodb, "_usable_port", lambda asked: next(ports, None) or usable_port(asked))
        with LocalDynamoDB() as engine:
            assert not engine.endpoint.endswith(f":{taken.getsockname()[1]}")
            assert read(engine.endpoint) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for folder in (tmp_path / "file", tmp_path / "file" / "folder"):
        line = line_of(LocalDynamoDB(folder))
        assert f"the folder {folder} cannot be written" in line
        assert "choose another" in line


def test_a_folder_serves_one_engine_at_a_time(tmp_path: Path) -> None:
    with LocalDynamoDB(tmp_path) as engine:
        save(engine.endpoint)
        assert "another Hip Coach uses the same data folder" in line_of(LocalDynamoDB(tmp_path))
        assert read(engine.endpoint) == [ENTRY]


def test_a_failure_to_save_is_told(tmp_path: Path) -> None:
    engine = LocalDynamoDB(tmp_path)
    engine.start()
    engine.wait_ready()
    save(engine.endpoint)
    (tmp_path / "dynamodb.json.tmp").mkdir()  # Where the engine would write.
    with pytest.raises(EngineError, match="could not be saved"):
        engine.stop()
    assert engine.process_id is None


def fake_ministack(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Put a program in the place of the real engine."""
    (folder / "ministack").mkdir()
    (folder / "ministack" / "__init__.py").write_text(program)
    monkeypatch.setenv("PYTHONPATH", str(folder))


def test_a_child_that_dies_is_noticed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_ministack(tmp_path, monkeypatch, "raise RuntimeError('no room at the inn')")
    assert "died at its start: RuntimeError: no room at the inn" in line_of(LocalDynamoDB())


def test_a_child_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)"
    fake_ministack(tmp_path, monkeypatch, deaf)
    monkeypatch.setattr(local_dynamodb, "_READY_WITHIN", 0.5)
    monkeypatch.setattr(local_dynamodb, "_STOPPED_WITHIN", 0.2)
    assert "gave no answer" in line_of(LocalDynamoDB())


def test_starting_twice_and_waiting_for_nothing_are_refused() -> None:
    engine = LocalDynamoDB()
    with pytest.raises(EngineError, match="was not started"):
        engine.wait_ready()
    with engine, pytest.raises(EngineError, match="runs already"):
        engine.start()


# ---- Faults


def test_faults_come_in_the_order_asked_for_and_then_end() -> None:
    faults = TableFaults()
    with closing(make_client(shared_engine().endpoint, None)) as client:
        create_table(client, TABLE)
        log = SessionLog(TABLE, b"secret", lambda: client, lambda: NOW)
        faults.attach(client)
        faults.fail("slow")
        faults.fail("throttled", times=2)
        faults.fail("unreachable")
        reasons = []
        for _ in range(4):
            with pytest.raises(LogUnavailable) as caught:
                log.newest("x")
            reasons.append(caught.value.reason)
        assert reasons == ["slow", "throttled", "throttled", "unreachable"]
        assert log.newest("x") == []
        assert faults.met == 4


def test_faults_can_be_forgotten_and_clients_detached() -> None:
    faults = TableFaults()
    with closing(make_client(shared_engine().endpoint, None)) as client:
        create_table(client, TABLE)
        log = SessionLog(TABLE, b"secret", lambda: client, lambda: NOW)
        faults.attach(client)
        faults.fail("refused", times=5)
        faults.clear()
        assert log.newest("x") == []
        faults.fail("refused")
        faults.detach(client)
        assert log.newest("x") == []
        assert faults.met == 0


def test_a_fault_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such fault: earthquake"):
        TableFaults().fail("earthquake")  # type: ignore[arg-type]

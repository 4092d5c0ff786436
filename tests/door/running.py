"""A server of the door on a free port of this machine, in this process or in one of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]


@contextmanager
def running(server: Any) -> Iterator[str]:
    """Run a waitress server in a thread; its address."""
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Waitress stops at a signal; here everything that its loop watches is closed, within the loop.
        server.pull_trigger()
        server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map, ignore_all=True))
        thread.join()
        server.task_dispatcher.shutdown()


class Served:
    """`hip-coach serve` as a process of its own."""

    def __init__(self, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("HIP_COACH_", "AWS_"))}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulator.cli", "serve", "--port", "0", *arguments],
            cwd=ROOT,
            env={**clean, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._out, self._notes = self.process.stdout, self.process.stderr
        self.notes: list[str] = []
        while not self.notes or not self.notes[-1].startswith("Hip Coach is listening"):
            line = self._notes.readline()
            assert line, f"it has stopped: {self.notes}"
            self.notes.append(line.rstrip("\n"))
        found = re.search(r"http://[^ ]+/", self.notes[-1])
        assert found
        self.url = found[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()

    def handle(self, event: object, _context: object = None) -> dict[str, Any]:
        """Post an envelope, as `Skill.handle` takes one."""
        return post(self.url, json.dumps(event).encode())

    def record(self) -> dict[str, Any]:
        """The next turn record on its stdout."""
        line = self._out.readline()
        assert line, "it has stopped"
        record: dict[str, Any] = json.loads(line)
        return record

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; its exit code. What it wrote is in `notes` then."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait until it has stopped; its exit code."""
        with self._out, self._notes:
            self._out.read()
            self.notes += self._notes.read().splitlines()
        return self.process.wait(60)


def post(url: str, data: bytes, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Post JSON; the answer. Raises HTTPError for a status that is none of the good ones."""
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})
    with urllib.request.urlopen(request, timeout=60) as response:
        answer: dict[str, Any] = json.load(response)
    return answer

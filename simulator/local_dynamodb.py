"""DynamoDB on the desk: a local engine in a process of its own.

The engine is ministack, a local stand-in for AWS in pure Python. It listens on this machine only and needs no account.
This file is also the program of the child process (see `_serve`), so that both ends of the agreement stand together.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from types import TracebackType


HOST: Final = "127.0.0.1"
REGION: Final = "us-east-1"
"""The region to use with the engine. It keeps the tables of each region apart, so everybody must name the same one."""

_READY_WITHIN: Final = 10.0
_STOPPED_WITHIN: Final = 5.0
_PORTS_TO_TRY: Final = 3
_LOCK_FILE: Final = "in-use.lock"
_TABLES_FILE: Final = "dynamodb.json"
_LOADED_EARLY: Final = ("iam", "sts", "apigateway", "apigateway_v1")  # What each request passes through.


class EngineError(Exception):
    """The engine cannot do its work. The text is one line: what is wrong, and what to do about it."""


class LocalDynamoDB:
    """A DynamoDB engine in a child process, on this machine only.

    It dies with its owner: when this process ends, however hard, the child sees its standard input close, saves what it
    holds and goes. It takes no part in the terminal's Ctrl-C, which is for its owner to handle.

    Args:
        data_folder: where entries are kept from one run to the next; made if need be. None: nothing is kept.
        port: the port to listen on; 0 takes a free one.

    Attributes:
        endpoint: the URL for boto3, settled once `wait_ready` has returned.
    """

    def __init__(self, data_folder: Path | None = None, port: int = 0) -> None:
        self._data_folder = data_folder
        self._port_asked = port
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None
        self._token = ""

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self._port}"

    @property
    def process_id(self) -> int | None:
        """The child's process id, or None when there is no child."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the child and return at once, so that other work can be done while it gets ready.

        Raises:
            EngineError: when the folder cannot be written, what it holds cannot be read, or the port cannot be had.
        """
        if self._process is not None:
            raise EngineError("the local DynamoDB engine runs already: stop it before it is started again")
        if self._data_folder is not None:
            _check_writable(self._data_folder)
            _check_readable(self._data_folder / _TABLES_FILE)
        self._port = _usable_port(self._port_asked)
        # The engine shows this word on its health page; by it we tell our own child from a stranger on the same port.
        self._token = secrets.token_hex(8)
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop(); a pipe could fill up and block
        new_group: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            new_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self._process = subprocess.Popen(  # noqa: S603 - this very file, and nothing from outside
            # -P: neither this file's folder nor the current one may hide a library from the engine.
            [sys.executable, "-P", str(Path(__file__).resolve())],
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            **new_group,
        )

    def wait_ready(self) -> None:
        """Wait until the engine answers, ten seconds at most.

        Raises:
            EngineError: when it was not started, died (with its last words), or does not get ready in time.
        """
        give_up_at = time.monotonic() + _READY_WITHIN
        ports_to_try = _PORTS_TO_TRY if self._port_asked == 0 else 1
        while not self._answers():
            if self._process is None:
                raise EngineError("the local DynamoDB engine was not started")
            if self._process.poll() is not None:
                last_words = self._last_words()
                self.stop()
                ports_to_try -= 1
                if "already in use" not in last_words or not ports_to_try:
                    raise EngineError(f"the local DynamoDB engine died at its start: {last_words}")
                self.start()  # Somebody took the free port in between: take another.
            elif time.monotonic() > give_up_at:
                self.stop()
                raise EngineError(
                    f"the local DynamoDB engine gave no answer within {_READY_WITHIN:.0f} seconds: try again"
                )
            time.sleep(0.005)

    def stop(self) -> None:
        """Stop the engine in order, so that it saves what it holds; one that does not go is killed. Harmless twice.

        Raises:
            EngineError: when it could not save what it held.
        """
        process, self._process = self._process, None
        if process is None:
            return
        # Its input closing is its sign to go: the same on every system, and the same as when this process dies.
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(_STOPPED_WITHIN)
            saved = True
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            saved = False
        last_words = self._last_words()
        if self._output is not None:
            self._output.close()
            self._output = None
        if self._data_folder is not None and (not saved or "failed to save" in last_words):
            raise EngineError(f"what was logged could not be saved in {self._data_folder}: {last_words}")

    def __enter__(self) -> Self:
        self.start()
        self.wait_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _environment(self) -> dict[str, str]:
        """The child's environment: ours, but with every switch of the engine set here and none by accident."""
        strangers = ("EDGE_PORT", "LOCALSTACK_PERSISTENCE", "S3_PERSIST", "MINISTACK_ACCOUNT_ID", "MINISTACK_HOST")
        environment = {name: value for name, value in os.environ.items() if name not in strangers}
        environment |= {
            "AUTH": "false",
            "BIND_HOST": HOST,
            "DOCKER_HOST": "unix:///nowhere",  # It would look for containers of its own, and remove them.
            "GATEWAY_PORT": str(self._port),
            "IOT_MTLS_ENABLED": "0",
            "LOG_LEVEL": "ERROR",
            "MINISTACK_EDITION": self._token,
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "0",
            "PYTHONWARNINGS": "ignore",
            "SERVICES": "dynamodb",
            "SFTP_ENABLED": "0",
            "USE_SSL": "0",
        }
        if self._data_folder is not None:
            environment |= {"PERSIST_STATE": "1", "STATE_DIR": str(self._data_folder.resolve())}
        return environment

    def _answers(self) -> bool:
        """Does our own child answer on its port?"""
        from http.client import HTTPConnection, HTTPException

        connection = HTTPConnection(HOST, self._port, timeout=1.0)
        try:
            connection.request("GET", "/_ministack/health")
            return self._token.encode() in connection.getresponse().read()
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def _last_words(self) -> str:
        """The last line that the child wrote with something in it."""
        if self._output is None:
            return "no word"
        self._output.seek(0)
        lines = [line.strip() for line in self._output.read().decode("utf-8", "replace").splitlines() if line.strip()]
        telling = [line for line in lines if "ERROR" in line]
        return (telling or lines or ["no word"])[-1].removeprefix("ERROR: ")


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # What it holds is personal.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise EngineError(
            f"the folder {folder} cannot be written ({error.strerror}): choose another one, or make it writable"
        ) from None


def _check_readable(tables: Path) -> None:
    """The engine takes a file that it can't read for none, and would write an empty log over it."""
    import json

    try:
        payload = json.loads(tables.read_text(encoding="utf-8"))["payload"]
        sound = isinstance(payload, dict) and isinstance(payload["tables"], dict)
    except FileNotFoundError:
        return
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise EngineError(
            f"what was logged in {tables} cannot be read: move that file away to begin anew, or choose another folder"
        )


def _usable_port(port: int) -> int:
    """The port itself when it can be had, or a free one for 0."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            # Else a port counts as taken for a minute after its last user has gone. (On Windows the flag means theft.)
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise EngineError(f"port {port} cannot be used ({error.strerror}): choose another one") from None
        usable: int = probe.getsockname()[1]
    return usable


_shared: tuple[int, LocalDynamoDB] | None = None
_shared_lock = threading.Lock()


def shared_engine() -> LocalDynamoDB:
    """The one engine of this process, started at the first call and stopped at exit; it keeps nothing.

    Raises:
        EngineError: when it cannot be started.
    """
    global _shared
    with _shared_lock:
        # A forked process finds its parent's engine here, and must not stop it.
        if _shared is None or _shared[0] != os.getpid():
            engine = LocalDynamoDB()
            engine.start()
            engine.wait_ready()
            atexit.register(engine.stop)
            _shared = (os.getpid(), engine)
        return _shared[1]


# ---- The child process. What follows runs there only.


def _serve() -> None:
    """The child's whole life: run the engine until standard input closes."""
    threading.Thread(target=_stop_with_owner, daemon=True).start()
    state_folder = os.environ.get("STATE_DIR") if os.environ.get("PERSIST_STATE") == "1" else None
    with _claimed(Path(state_folder)) if state_folder else contextlib.nullcontext():
        _keep_expired_items()
        # The engine would do this at its first request, which could then take longer than our client waits for it.
        for name in _LOADED_EARLY:
            with contextlib.suppress(ImportError):
                importlib.import_module(f"ministack.services.{name}")
        # With botocore at hand, its first error would cost 0.2 s: it reads all of AWS's model for one content type.
        # Only where it checks permissions, it can't do without.
        if os.environ["AUTH"] == "false":
            sys.modules["botocore"] = None  # type: ignore[assignment]
        from ministack.app import main

        sys.argv = ["ministack"]
        main()


def _stop_with_owner() -> None:
    """Wait for standard input to close, which it does when the owner says so or dies; then end in order."""
    while os.read(0, 1024):
        pass
    signal.raise_signal(signal.SIGTERM)


def _keep_expired_items() -> None:
    """Keep the engine from deleting by its own clock, for the simulated world may live in another year.

    What has expired by the world's clock the session log leaves out by itself.
    """
    start = threading.Thread.start

    def start_unless_reaper(thread: threading.Thread) -> None:
        if thread.name != "dynamodb-ttl-reaper":
            start(thread)

    threading.Thread.start = start_unless_reaper  # type: ignore[assignment, method-assign]
    import ministack.services.dynamodb  # noqa: F401 - it starts the thread when it is imported

    threading.Thread.start = start  # type: ignore[method-assign]


@contextlib.contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Keep the folder to this engine: of two, the one that stops last would overwrite what the other has saved."""
    with (folder / _LOCK_FILE).open("ab") as lock:
        give_up_at = time.monotonic() + 2.0  # An engine that has lost its owner may still be saving.
        while not _lock(lock):
            if time.monotonic() > give_up_at:
                sys.exit("ERROR: another Hip Coach uses the same data folder: close it, or choose another folder")
            time.sleep(0.05)
        yield


def _lock(file: IO[bytes]) -> bool:
    """Lock the file for this process. The system takes the lock away when the process ends, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    _serve()

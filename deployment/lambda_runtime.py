"""AWS Lambda on the desk: a function run by Amazon's own runtime interface client, `awslambdaric`.

On Lambda the client asks the Runtime API for the next event, calls the handler and posts what it answered (Lambda
developer guide, "Using the Lambda runtime API"). Here that API is a server on the loopback interface. The function sees
the standard library, its own folder and the client, and nothing else of this machine's Python.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from deployment.bytecode import compile_files
from deployment.distributions import verified_files, with_their_needs

HANDLER: Final = "lambda_function.lambda_handler"

_TIMEOUT_SECONDS: Final = 8.0
"""What Alexa waits for, and the time-out in infrastructure/template.yaml."""

# -I and -S leave the standard library alone on the path; -B because Lambda's file system can't be written either.
_START: Final = """
import sys
sys.path[:0] = sys.argv[1:3]
from awslambdaric.__main__ import main
main(["bootstrap", sys.argv[3]])
"""


class FunctionFailed(Exception):
    """The function did not answer an event, or could not even be started. The text says what it said itself."""


@dataclass(frozen=True)
class _Outcome:
    """What the client posted for an event: "response", "error" or, for all events, "init"."""

    kind: str
    body: bytes


class LambdaRuntime:
    """One execution environment of a function. Use it as a context manager, or call `stop`.

    Args:
        folder: the function's code, unpacked.
        client: a folder with the runtime interface client alone, see `copy_client`.
        environment: the function's environment variables.
        python: the interpreter.
    """

    def __init__(
        self, folder: Path, client: Path, environment: Mapping[str, str], python: Path = Path(sys.executable)
    ) -> None:
        self._events: queue.Queue[tuple[str, bytes] | None] = queue.Queue()
        self._outcomes: queue.Queue[_Outcome] = queue.Queue()
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop(); a pipe could fill up
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.runtime = self
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self._process = subprocess.Popen(  # noqa: S603 - the interpreter and our own program
            [python, "-I", "-S", "-B", "-c", _START, folder, client, HANDLER],
            cwd=folder,
            env={**self._lambdas_own(folder), **environment},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )

    def invoke(self, event: object) -> Any:
        """Send an event to the function and wait for its answer.

        Raises:
            FunctionFailed: when it raises, can't be loaded, dies, or doesn't answer in time.
        """
        self._events.put((str(uuid.uuid4()), json.dumps(event).encode()))
        give_up_at = time.monotonic() + _TIMEOUT_SECONDS * 4  # A test machine may be far slower than Lambda.
        while True:
            try:
                outcome = self._outcomes.get(timeout=0.2)
            except queue.Empty:
                if self._process.poll() is not None:
                    raise FunctionFailed(f"the function died:\n{self.output}") from None
                if time.monotonic() > give_up_at:
                    raise FunctionFailed(f"the function gave no answer:\n{self.output}") from None
                continue
            if outcome.kind != "response":
                raise FunctionFailed(f"the function failed ({outcome.kind}): {outcome.body.decode('utf-8', 'replace')}")
            return json.loads(outcome.body)

    @property
    def output(self) -> str:
        """What the function has written until now: what would be in its CloudWatch log."""
        self._output.seek(0)
        return self._output.read().decode("utf-8", "replace")

    def stop(self) -> None:
        """End the environment, as Lambda does: without asking."""
        self._process.kill()
        self._process.wait()
        self._events.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def next_event(self) -> tuple[str, bytes] | None:
        """For the server: the next event's id and body, as soon as there is one; None at the end."""
        return self._events.get()

    def take(self, kind: str, body: bytes) -> None:
        """For the server: what the client posted."""
        self._outcomes.put(_Outcome(kind, body))

    def _lambdas_own(self, folder: Path) -> dict[str, str]:
        """The variables that Lambda itself sets (developer guide, "Defined runtime environment variables")."""
        return {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": "hip-coach",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "on-the-desk",
            "AWS_SECRET_ACCESS_KEY": "on-the-desk",
            "LAMBDA_TASK_ROOT": str(folder),
            "_HANDLER": HANDLER,
            "TZ": ":UTC",
        }


def copy_client(folder: Path, python: Path = Path(sys.executable)) -> None:
    """Put the runtime interface client and what it needs in a folder of its own, with its bytecode.

    It is the one that is installed here, and some of it is made for this very version of Python.
    """
    for name in with_their_needs(["awslambdaric"], f"{sys.version_info[0]}.{sys.version_info[1]}"):
        for place, data in verified_files(metadata.distribution(name)):
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    modules = [path.relative_to(folder).as_posix() for path in folder.rglob("*.py")]
    compile_files(folder, sorted(modules), python, str(folder))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    runtime: LambdaRuntime

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up has been stopped; there is nobody to tell."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One write a reply: two would have the client wait 40 ms for the second (delayed acknowledgement).
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """/2018-06-01/runtime/invocation/next: waits until there is an event."""
        event = self.server.runtime.next_event()
        if event is None:
            self.close_connection = True
            return
        request_id, body = event
        deadline = int((time.time() + _TIMEOUT_SECONDS) * 1000)
        self._reply(
            200,
            body,
            {
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": request_id,
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:hip-coach",
            },
        )

    def do_POST(self) -> None:
        """.../invocation/{id}/response, .../invocation/{id}/error or .../init/error."""
        body = self._body()
        *_, before, kind = self.path.split("/")
        self.server.runtime.take("init" if before == "init" else kind, body)
        self._reply(202, b'{"status":"OK"}', {"Content-Type": "application/json"})

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _reply(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

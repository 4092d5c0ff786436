"""`hip-coach serve`: the self-hosted door (`door/`), with a log on the desk when one is wanted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from simulator.echo import SECRET, TABLE
from simulator.local_dynamodb import REGION, EngineError, LocalDynamoDB
from skill.session_log import create_table, make_client
from skill.settings import Settings


def main(host: str, port: int, skill_id: str | None, insecure: bool, data: Path | None) -> int:
    """Serve until it is stopped. Returns the exit code: 0 stopped, 2 it could not be done."""
    try:
        from door.server import Address, ServeError, serve
    except ModuleNotFoundError as problem:
        missing = (problem.name or "").partition(".")[0]
        print(
            f"hip-coach: serve needs {missing}, which isn't installed: pip install 'hip-coach[server]'", file=sys.stderr
        )
        return 2
    try:
        settings = Settings.from_environment()
        settings = replace(settings, skill_id=skill_id or settings.skill_id)
        if data is None:
            serve(settings, Address(host, port), insecure=insecure)
            return 0
        if not insecure:
            raise ServeError("--data keeps a log for trying out, with --insecure-loopback only; set HIP_COACH_TABLE")
        with _log_on_the_desk(settings, data) as settings:
            serve(settings, Address(host, port), insecure=insecure)
    except (ServeError, EngineError, ValueError) as problem:
        print(f"hip-coach: {problem}", file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"hip-coach: {problem.filename or data}: {problem.strerror}", file=sys.stderr)
        return 2
    return 0


@contextmanager
def _log_on_the_desk(settings: Settings, data: Path) -> Iterator[Settings]:
    """The settings for a log in a folder, with an engine that runs as long."""
    engine = LocalDynamoDB(data / "dynamodb")
    engine.start()
    try:
        engine.wait_ready()
        create_table(make_client(engine.endpoint, REGION), TABLE)
        yield replace(settings, table_name=TABLE, log_secret=SECRET, dynamodb_endpoint=engine.endpoint, region=REGION)
    finally:
        engine.stop()

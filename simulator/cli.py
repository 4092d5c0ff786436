"""The `hip-coach` command: one verb, one function; the work is done in a module of that name."""

from __future__ import annotations

import argparse
import contextlib
import io
import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn, TextIO

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

LOCALES = ("en-US", "en-GB", "en-AU", "en-CA", "en-IN")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb. Returns the exit code: 0 done, 1 a check failed, 2 it could not be done, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads along has read enough (`| head`). What is still to be written at exit must not complain either.
        sys.stdout = None
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hip-coach", description="Hip Coach: an Echo on your desk, and its tools.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    talk = verbs.add_parser("talk", help="talk to Hip Coach in this terminal; also reads piped lines")
    talk.add_argument("--data", type=Path, default=Path(".hip-coach"), help="folder that keeps you and your log")
    talk.add_argument("--speed", type=_speed, default=1.0, help="how fast time runs; 60 makes a minute a second")
    talk.add_argument("--locale", choices=LOCALES, default="en-US", help="the English that the Echo is set to")
    talk.add_argument("--screen", action="store_true", help="an Echo with a screen")
    talk.add_argument("--json", action="store_true", help="one JSON object a line, for machines")
    talk.add_argument("--new-person", action="store_true", help="be somebody who has never used Hip Coach")
    talk.add_argument("--port", type=_port, default=0, help="port of the DynamoDB engine; a free one by default")
    talk.set_defaults(run=_talk)

    evaluate = verbs.add_parser("evaluate", help="measure how well the utterances of a file are heard")
    evaluate.add_argument("file", type=Path, help="tab-separated: utterance, kind, details, register")
    evaluate.add_argument("--no-misses", action="store_true", help="print the table alone")
    evaluate.set_defaults(run=_evaluate)

    explain = verbs.add_parser("explain", help="show what is understood of a sentence, and why")
    explain.add_argument("text", nargs="+", help="the sentence")
    explain.add_argument("--locale", choices=LOCALES, default="en-US", help="the English that the Echo is set to")
    explain.set_defaults(run=_explain)

    report = verbs.add_parser("report", help="write what the session log holds of a person, to read and to print")
    report.add_argument("--data", type=Path, help="folder of `hip-coach talk`; .hip-coach by default")
    report.add_argument("--table", metavar="NAME", help="a DynamoDB table, in place of a folder")
    report.add_argument("--region", help="the AWS region of the table")
    report.add_argument("--endpoint", metavar="URL", help="where DynamoDB is, when it isn't AWS")
    report.add_argument("--person", metavar="USER_ID", help="whose log of that table; - reads the id from the input")
    report.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="where to write; here by default")
    report.add_argument("--from", dest="first", type=_day, metavar="DATE", help="the first day, such as 2026-03-02")
    report.add_argument("--to", dest="last", type=_day, metavar="DATE", help="the last day; today by default")
    report.add_argument("--time-zone", metavar="ZONE", help="such as Europe/London; the machine's by default")
    report.set_defaults(run=_report)

    models = verbs.add_parser("models", help="make the five interaction models from en.toml")
    models.add_argument("--check", action="store_true", help="only say whether they are current and sound")
    models.set_defaults(run=_models)

    timeline = verbs.add_parser("timeline", help="show how long each turn of a stretch routine lasts")
    timeline.add_argument("routine", help="a routine, for example whole or short, or an exercise, for example hm_a")
    timeline.add_argument("--position", choices=("lying", "seated", "standing"), default="", help="the form of it")
    timeline.add_argument("--pace", choices=("usual", "slower", "faster"), default="usual", help="time to move")
    who = timeline.add_mutually_exclusive_group()
    who.add_argument("--new", action="store_true", help="somebody who has never heard the stop rules (the default)")
    who.add_argument("--returning", action="store_true", help="somebody who heard them lately")
    timeline.set_defaults(run=_timeline)

    bench = verbs.add_parser("bench", help="measure how fast it starts and answers")
    bench.set_defaults(run=_bench)

    serve = verbs.add_parser("serve", help="serve the skill to Alexa from a machine of your own")
    serve.add_argument(
        "--port", type=_port, default=8443, help="port to listen on; 8443 by default, 0 takes a free one"
    )
    serve.add_argument("--host", default="127.0.0.1", help="IP address to listen on; this machine alone by default")
    serve.add_argument("--skill-id", help="whose requests are answered; HIP_COACH_SKILL_ID by default")
    serve.add_argument("--insecure-loopback", action="store_true", help="check no signatures, for trying out here")
    serve.add_argument("--data", type=Path, help="folder for a log on this machine, with --insecure-loopback")
    serve.set_defaults(run=_serve)
    return parser


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 3600:
        raise argparse.ArgumentTypeError(f"must be a number from above 0 to 3600, not {text!r}")
    return speed


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 65535, not {text!r}")
    return int(text)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 2000 <= day.year <= 2100:
        raise argparse.ArgumentTypeError(f"must be a day such as 2026-03-02, not {text!r}")
    return day


def _talk(options: argparse.Namespace) -> int:
    try:
        with _leaving_in_order():
            return _hold_talk(options)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 0


@contextlib.contextmanager
def _leaving_in_order() -> Iterator[None]:
    """Let a closed terminal window and `kill` end the conversation as Ctrl-C does: with everything saved."""

    def leave(number: int, _frame: object) -> NoReturn:
        sys.exit(128 + number)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [(number, signal.signal(number, leave)) for number in (getattr(signal, name) for name in names)]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _hold_talk(options: argparse.Namespace) -> int:
    from simulator.local_dynamodb import EngineError
    from simulator.nlu import ModelError
    from simulator.talk import TalkOptions, talk

    try:
        talk(
            TalkOptions(
                data=options.data,
                speed=options.speed,
                locale=options.locale,
                screen=options.screen,
                as_json=options.json,
                new_person=options.new_person,
                port=options.port,
            ),
            _forgiving(sys.stdin),
            _forgiving(sys.stdout),
        )
    except (EngineError, ModelError) as problem:
        print(f"hip-coach: {problem}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        raise
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        print(f"hip-coach: {where}{problem.strerror}", file=sys.stderr)
        return 2
    return 0


def _forgiving(stream: TextIO | None) -> TextIO:
    """A stream that neither fails at signs which its encoding doesn't know, nor is missing when it was closed."""
    if stream is None:
        return io.StringIO()
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def _evaluate(options: argparse.Namespace) -> int:
    from simulator.evaluate import main as evaluate

    return evaluate(options.file, show_misses=not options.no_misses)


def _explain(options: argparse.Namespace) -> int:
    from simulator.explain import main as explain

    return explain(" ".join(options.text), options.locale)


def _report(options: argparse.Namespace) -> int:
    from simulator.local_dynamodb import EngineError
    from simulator.report.command import ReportOptions, write_report
    from simulator.report.trouble import ReportError
    from simulator.report.words import how_many, span

    what = {name: value for name, value in vars(options).items() if name != "run"}
    try:
        written = write_report(ReportOptions(**what), sys.stdin)
    except (EngineError, ReportError) as problem:
        print(f"hip-coach: {problem}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as problem:
        print(f"hip-coach: the report needs {problem.name}: pip install 'hip-coach[report]'", file=sys.stderr)
        return 2
    print(f"{how_many(written.report.totals.count, 'session')}, {span(written.report.period)}.")
    print(f"To read and to print: {written.page}")
    print(f"For a spreadsheet:    {written.spreadsheet}")
    return 0


def _models(options: argparse.Namespace) -> int:
    from interaction_models.everything import main as models

    return models(check=options.check)


def _timeline(options: argparse.Namespace) -> int:
    from simulator.timeline import main as timeline

    return timeline(options.routine, position=options.position, pace=options.pace, returning=options.returning)


def _bench(options: argparse.Namespace) -> int:
    from simulator.bench import main as bench

    return bench()


def _serve(options: argparse.Namespace) -> int:
    from simulator.serve import main as serve

    return serve(options.host, options.port, options.skill_id, options.insecure_loopback, options.data)


if __name__ == "__main__":
    sys.exit(main())

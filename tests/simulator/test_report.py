"""`hip-coach report`: what is written for whom, that it needs nothing else, and what is said when it can't be done."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions

from simulator.cli import main
from simulator.local_dynamodb import shared_engine
from simulator.report import files
from simulator.report.command import ReportOptions, write_report
from simulator.report.source import _explained
from simulator.report.trouble import ReportError
from simulator.report.zones import zone_of
from simulator.talk import PERSON_FILE, TalkOptions, talk
from skill.coaching.therapy_session import new_session
from skill.session_log import PROFILE, VISIT_KEY, LogEntry, SessionLog, create_table, key_of, make_client

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
USER = "amzn1.ask.account.SOMEBODY"
SECRET = "a secret of the tests"
TABLE = "report-tests"


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to be in, and none of the settings of this machine."""
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HIP_COACH_TABLE", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HIP_COACH_LOG_SECRET", SECRET)


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def odd_log() -> list[LogEntry]:
    """A log with a bit of everything, and more than DynamoDB gives in one page."""
    entries = [LogEntry(PROFILE, "profile", 1, "first", {"safety_answered": True})]
    for n in range(60):
        at = NOW - timedelta(days=n, hours=1)
        session = new_session(f"log#{n}", "heat" if n % 3 else "cold", 900, "hip", "left", at)
        fields = session.end("stopped" if n % 10 == 9 else "finished", session.ends_at).as_fields()
        # DynamoDB answers with a megabyte at most; this makes it two pages.
        entries.append(LogEntry(f"log#{stamp(at)}#{n}", "therapy", 1, "first", {**fields, "later": "x" * 19_000}))
    for n, routine in enumerate(("piriformis", "<script>alert(1)</script>", "=1+1")):
        at = NOW - timedelta(days=n, hours=3)
        stretch = {"routine": routine, "started_at": stamp(at), "ended_at": stamp(at + timedelta(minutes=5))}
        entries.append(LogEntry(f"log#{stamp(at)}#s{n}", "stretch", 1, "first", {**stretch, "outcome": "finished"}))
    entries.append(LogEntry(key_of(VISIT_KEY, NOW, "x"), "visit", 1, "first", {}))
    entries.append(LogEntry("log#1#spoilt", "therapy", 1, "first", {"modality": "lava"}))
    entries.append(LogEntry("log#1#strange", "horoscope", 1, "first", {}))
    return entries


@pytest.fixture(scope="module")
def endpoint() -> str:
    """An engine that holds the odd log, an entry of a later Hip Coach, and one that has expired."""
    url = shared_engine().endpoint
    with closing(make_client(url, "us-east-1")) as client:
        create_table(client, TABLE)
        log = SessionLog(TABLE, SECRET.encode(), lambda: client, lambda: NOW)
        person = log.person(USER)
        for entry in odd_log():
            log.save(person, [entry])
        late = {"person": {"S": person}, "schema": {"N": "2"}, "expires_at": {"N": str(2**40)}}
        client.put_item(TableName=TABLE, Item={**late, "entry": {"S": "log#2#later"}, "fields": {"M": {}}})
        client.put_item(TableName=TABLE, Item={**late, "entry": {"S": "log#2#gone"}, "expires_at": {"N": "1"}})
    return url


def options(endpoint: str, out: Path, **others: Any) -> ReportOptions:
    named: dict[str, Any] = {"table": TABLE, "region": "us-east-1", "endpoint": endpoint, "person": USER}
    return ReportOptions(**{**named, "out": out, "time_zone": "Europe/London", **others})


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, name: str) -> list[str]:
        return [value for attribute, value in self.attributes if attribute == name]


# ---- What is written


def test_a_talk_is_reported_and_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # GIVEN somebody who has talked
    lines = "start cold therapy for fifteen minutes\n:skip 20\nopen hip coach\n"
    talk(TalkOptions(data=tmp_path / "me"), io.StringIO(lines), io.StringIO())
    arguments = ["report", "--data", "me", "--out", "new/reports", "--time-zone", "UTC"]
    # WHEN they ask for the report twice
    assert main(arguments) == 0
    shown = capsys.readouterr()
    said = shown.out.splitlines()
    assert shown.err == ""
    first = {path: path.read_bytes() for path in (tmp_path / "new/reports").iterdir()}
    assert main(arguments) == 0
    # THEN both are there, and theirs alone
    written = sorted((tmp_path / "new/reports").iterdir())
    assert len(written) == 4
    assert all(path.read_bytes() == content for path, content in first.items())
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in written if sys.platform != "win32")
    assert said[0].startswith("1 session, ")
    assert {Path(line.partition(": ")[2].strip()) for line in said[1:]} == {
        path.relative_to(tmp_path) for path in first
    }
    [table] = [content for path, content in first.items() if path.suffix == ".csv"]
    assert table.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    assert (row["kind"], row["minutes"], row["outcome"]) == ("cold", "15", "finished")
    [page] = [content.decode() for path, content in first.items() if path.suffix == ".html"]
    assert "One session of cold, on " in page
    assert "It lasted 15 min. It ran to its end." in page
    # AND nothing tells who they are
    user_id = json.loads((tmp_path / "me" / PERSON_FILE).read_text(encoding="utf-8"))["user_id"]
    assert user_id not in page + table.decode() + "".join(said)


def test_everything_of_a_long_and_odd_log_is_counted(endpoint: str, tmp_path: Path) -> None:
    written = write_report(options(endpoint, tmp_path), io.StringIO(), NOW)
    page = Page(written.page.read_text(encoding="utf-8"))
    assert written.report.totals.count == 63
    assert "63 sessions: 40 of heat, 20 of cold and 3 of stretching." in page.words
    assert "2 entries of the log could not be read" in page.words
    assert "1 entry is of a kind that this report does not know" in page.words
    assert "Hip Coach was opened on 1 day of this time." in page.words
    assert "on 2 March 2026, 09:00 (Europe/London)" in page.words
    rows = list(csv.DictReader(io.StringIO(written.spreadsheet.read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) == 63
    assert {row["routine"] for row in rows} == {"", "piriformis", "<script>alert(1)</script>", "'=1+1"}
    # What came from the log is text, and nothing else.
    assert page.tags["script"] == 0
    assert "<script>alert(1)</script>" in page.words


def test_the_page_needs_nothing_from_outside(endpoint: str, tmp_path: Path) -> None:
    written = write_report(options(endpoint, tmp_path), io.StringIO(), NOW)
    text = written.page.read_text(encoding="utf-8")
    page = Page(text)
    assert set(page.tags) & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a"} == set()
    assert page.all("src") == []
    assert all(address.startswith("#") for address in page.all("href") + page.all("xlink:href"))
    assert all(address.startswith("#") for address in re.findall(r"url\((.*?)\)", text))
    assert "@import" not in text
    # Addresses are there as names of XML's languages alone.
    assert set(re.findall(r"https?://[^\"' ]+", text)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    names = page.all("id")
    assert len(names) == len(set(names))
    assert {address.removeprefix("#") for address in page.all("href") + page.all("xlink:href")} <= set(names)
    assert USER not in text
    # Each chart says in words what it shows.
    assert page.tags["figure"] == 3
    assert sum(label.startswith("Bar chart. ") for label in page.all("aria-label")) == 3


def test_the_same_log_gives_the_same_files(endpoint: str, tmp_path: Path) -> None:
    one = write_report(options(endpoint, tmp_path / "one"), io.StringIO(), NOW)
    other = write_report(options(endpoint, tmp_path / "other"), io.StringIO(), NOW)
    assert one.page.read_bytes() == other.page.read_bytes()
    assert one.spreadsheet.read_bytes() == other.spreadsheet.read_bytes()


def test_days_can_be_chosen_and_the_id_can_be_typed(endpoint: str, tmp_path: Path) -> None:
    chosen = options(endpoint, tmp_path, person="-", first=date(2026, 2, 23), last=date(2026, 3, 1))
    written = write_report(chosen, io.StringIO(f"{USER}\n"), NOW)
    assert written.report.totals.count == 9
    days = [row["day"] for row in csv.DictReader(io.StringIO(written.spreadsheet.read_text(encoding="utf-8-sig")))]
    assert (min(days), max(days), len(days)) == ("2026-02-23", "2026-03-01", 9)


# ---- When it can't be done


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--data", "nowhere"], "there is nothing to report yet: nobody has talked to Hip Coach in the folder nowhere"),
        (["--time-zone", "Europe/Londn"], "there is no time zone 'Europe/Londn': did you mean Europe/London?"),
        (["--time-zone", "../../etc/passwd"], "there is no time zone '../../etc/passwd': "),
        (["--from", "2026-03-02", "--to", "2026-03-01"], "--to 2026-03-01 is before --from 2026-03-02"),
        (["--data", "me", "--table", "t", "--person", "x"], "--data is a folder of this machine"),
        (["--table", "t"], "whose report? Name the user id with --person"),
        (["--table", "t", "--person", "x"], "it is not known in which region the table is: name it with --region"),
        (["--table", "t", "--person", "x", "--region", "eu-west-1"], "there are no AWS credentials: sign in first"),
        (["--endpoint", "nonsense", "--person", "x", "--region", "eu-west-1"], "DynamoDB cannot be at nonsense"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["report", *arguments]) == 2
    shown = capsys.readouterr()
    [line] = shown.err.splitlines()
    assert line.startswith(f"hip-coach: {complaint}")
    assert shown.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "1999-12-31", "9999-12-31"])
def test_a_day_that_is_none_is_refused(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["report", "--from", day])
    assert left.value.code == 2
    assert "must be a day such as 2026-03-02" in capsys.readouterr().err


def test_without_the_secret_nobody_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HIP_COACH_LOG_SECRET")
    with pytest.raises(ReportError, match="set HIP_COACH_LOG_SECRET"):
        write_report(ReportOptions(table="t", region="eu-west-1", person="x"), io.StringIO(), NOW)


@pytest.mark.parametrize(
    ("others", "complaint"),
    [
        ({"table": "no-such-table"}, "there is no table no-such-table at "),
        ({"person": "amzn1.ask.account.STRANGER"}, "there is nothing to report yet: the log holds no sessions"),
        ({"first": date(2020, 1, 1), "last": date(2020, 1, 31)}, "no sessions from 1 to 31 January 2020"),
    ],
)
def test_nothing_is_written_when_there_is_nothing_to_write(
    others: dict[str, Any], complaint: str, endpoint: str, tmp_path: Path
) -> None:
    with pytest.raises(ReportError) as trouble:
        write_report(options(endpoint, tmp_path, **others), io.StringIO(), NOW)
    assert complaint in str(trouble.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["file", "file/below"])
def test_a_folder_that_cannot_be_written_is_said(below: str, endpoint: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ReportError, match=r"cannot be written in .*: choose another folder with --out"):
        write_report(options(endpoint, tmp_path / below), io.StringIO(), NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def refused(code: str) -> exceptions.ClientError:
    return exceptions.ClientError({"Error": {"Code": code, "Message": f"of {USER}"}}, "Query")


@pytest.mark.parametrize(
    ("problem", "complaint"),
    [
        (refused("ResourceNotFoundException"), "missing"),
        (refused("AccessDeniedException"), "these AWS credentials may not read the table t: they need dynamodb:Query"),
        (refused("ExpiredTokenException"), "AWS does not accept these credentials: sign in again"),
        (refused("InternalServerError"), "the table t cannot be read: InternalServerError at AWS"),
        (exceptions.EndpointConnectionError(endpoint_url=USER), "DynamoDB cannot be reached at place"),
        (exceptions.ReadTimeoutError(endpoint_url=USER), "DynamoDB cannot be reached at place"),
        (exceptions.ProfileNotFound(profile="p"), "the table t cannot be read: ProfileNotFound at AWS"),
    ],
)
def test_what_aws_says_is_told_in_a_line_without_the_person(problem: Exception, complaint: str) -> None:
    with pytest.raises(ReportError) as trouble, _explained("t", "place", "missing"):
        raise problem
    assert str(trouble.value).startswith(complaint)
    assert USER not in str(trouble.value)


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def full(path: Path, flags: int, mode: int) -> int:
        if path.suffix == ".csv":
            raise OSError(28, "No space left on device")
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(ReportError, match="No space left on device"):
        files.write_new(tmp_path, "report", {".html": b"x", ".csv": b"y"})
    assert list(tmp_path.iterdir()) == []


def test_files_of_one_report_share_a_name_that_none_had(tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_bytes(b"mine")
    (tmp_path / "report-2.html").symlink_to(tmp_path / "elsewhere")
    paths = files.write_new(tmp_path, "report", {".html": b"x", ".csv": b"y"})
    assert [path.name for path in paths] == ["report-3.html", "report-3.csv"]
    assert (tmp_path / "report.csv").read_bytes() == b"mine"
    assert not (tmp_path / "elsewhere").exists()


def test_the_zone_is_the_one_of_the_machine_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    assert zone_of(None)[1] == "Asia/Kathmandu"
    assert zone_of("America/New_York")[1] == "America/New_York"
    assert zone_of("utc") == (UTC, "UTC")

"""Who gets through the door: requests that Alexa signed for this skill just now, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from door.application import LARGEST_REQUEST, create_app
from door.certificates import SigningCertificates
from tests.door.signing import FOLDER, SKILL_ID, Amazon, amazon, body

ANSWER = {"version": "1.0", "response": {"shouldEndSession": True}}


class Door:
    """A door with a skill behind it that says nothing but remembers what it was asked."""

    def __init__(self, verified: bool = True) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self.amazon = amazon()
        self.amazon.fetched.clear()
        certificates = SigningCertificates([self.amazon.root.certificate], self.amazon.fetch) if verified else None
        app = create_app([self._answer], skill_id=SKILL_ID, certificates=certificates)
        self.client: FlaskClient = app.test_client()

    def _answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append(event)
        return ANSWER

    def post(self, data: bytes, headers: Mapping[str, str]) -> int:
        """Post to the skill's address; the status."""
        return self.client.post("/", data=data, headers=dict(headers)).status_code


@pytest.fixture
def door() -> Door:
    return Door()


# ---- The certificate


@pytest.mark.parametrize("file", ["good", "with-root", "among-names"])
def test_what_alexa_signed_gets_through(door: Door, file: str) -> None:
    data = body()
    answer = door.client.post("/", data=data, headers=door.amazon.headers(data, file))
    assert answer.status_code == 200
    assert answer.get_json() == ANSWER
    assert answer.mimetype == "application/json"
    assert [event["request"]["type"] for event in door.asked] == ["LaunchRequest"]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("expired", "isn't to be believed"),
        ("not-yet-valid", "isn't to be believed"),
        ("other-name", "isn't to be believed"),
        ("other-root", "isn't to be believed"),
        ("self-signed", "isn't to be believed"),
        ("no-intermediate", "isn't to be believed"),
        ("expired-intermediate", "isn't to be believed"),
        ("leaf-as-authority", "isn't to be believed"),
        ("others-first", "isn't to be believed"),
        ("not-for-signing", "isn't for signing"),
        ("elliptic", "key is of another kind"),
        ("junk", "can't be read"),
        ("no-pem", "can't be read"),
        ("empty", "can't be read"),
        ("too-long", "chain is too long"),
        ("nowhere", "can't be fetched"),
    ],
)
def test_what_was_signed_with_a_bad_certificate_is_refused(
    door: Door, file: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each of these signatures is right: it is the certificate that isn't."""
    data = body()
    door = Door()  # Made here, so that it writes to what capsys reads.
    assert door.post(data, door.amazon.headers(data, file)) == 400
    assert door.asked == []
    assert reason in capsys.readouterr().err


URL_TRICKS = [
    "http://s3.amazonaws.com/echo.api/good.pem",
    "file:///echo.api/good.pem",
    "//s3.amazonaws.com/echo.api/good.pem",
    "/echo.api/good.pem",
    "",
    "https://s3.amazonaws.com.evil.example/echo.api/good.pem",
    "https://s3.amazonaws.com@evil.example/echo.api/good.pem",
    "https://evil.example@s3.amazonaws.com/echo.api/good.pem",
    "https://s3.amazonaws.com:x@evil.example/echo.api/good.pem",
    "https://evil.example/s3.amazonaws.com/echo.api/good.pem",
    "https://evil.example\\@s3.amazonaws.com/echo.api/good.pem",
    "https://s3.amazonaws.com\\.evil.example/echo.api/good.pem",
    "https://s3.amazonaws.com./echo.api/good.pem",
    "https://127.0.0.1/echo.api/good.pem",
    "https://[::1]/echo.api/good.pem",
    "https://s3.amazonaws.com:563/echo.api/good.pem",
    "https://s3.amazonaws.com:80/echo.api/good.pem",
    "https://s3.amazonaws.com:x/echo.api/good.pem",
    "https://s3.amazonaws.com/EcHo.aPi/good.pem",
    "https://s3.amazonaws.com/invalid.path/good.pem",
    "https://s3.amazonaws.com/echo.api",
    "https://s3.amazonaws.com/echo.api/",
    "https://s3.amazonaws.com/echo.apis/good.pem",
    "https://s3.amazonaws.com/echo.api/../evil/good.pem",
    "https://s3.amazonaws.com/echo.api/%2e%2e/evil/good.pem",
    "https://s3.amazonaws.com/echo.api/..%2fevil/good.pem",
    "https://s3.amazonaws.com//echo.api/good.pem",
    "https://s3.amazonaws.com/echo.api/good.pem?a=b",
    "https://s3.amazonaws.com/echo.api/good.pem#a",
    "https://s3.amazonaws.com/echo.api/good pem",
    "https://s3.amazonaws.com/echo.api/good.pem\t",
    "https://s3.amazonaws.com/echo.api/g\u00f6\u00f6d.pem",
    "https://s3.amazonaws.com/echo.api/" + "a" * 5000,
]


@pytest.mark.parametrize("url", URL_TRICKS)
def test_nothing_is_fetched_from_an_address_that_is_not_amazons(door: Door, url: str) -> None:
    data = body()
    assert door.post(data, {**door.amazon.headers(data), "SignatureCertChainUrl": url}) == 400
    assert (door.asked, door.amazon.fetched) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "HTTPS://S3.AmazonAWS.com/echo.api/good.pem",
        "https://s3.amazonaws.com:443/echo.api/good.pem",
        "https://s3.amazonaws.com/echo.api/../echo.api/good.pem",
        "https://s3.amazonaws.com/echo.api/./x/..//good.pem",
    ],
)
def test_amazons_address_may_be_written_in_other_ways(door: Door, url: str) -> None:
    """The first three are examples of Amazon's own; the file is fetched from the one plain address."""
    data = body()
    assert door.post(data, {**door.amazon.headers(data), "SignatureCertChainUrl": url}) == 200
    assert door.amazon.fetched == [f"{FOLDER}good.pem"]


# ---- The signature


def without(headers: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


@pytest.mark.parametrize(
    "bend",
    [
        pytest.param(lambda headers, alexa: headers | {"Signature-256": "not base64!"}, id="not base64"),
        pytest.param(lambda headers, alexa: headers | {"Signature-256": ""}, id="empty"),
        pytest.param(lambda headers, alexa: headers | {"Signature-256": "YWJj"}, id="too short"),
        pytest.param(lambda headers, alexa: headers | {"Signature-256": "\u00fc"}, id="not ascii"),
        pytest.param(lambda headers, alexa: headers | {"Signature-256": alexa.signature(b"{}")}, id="another body's"),
        pytest.param(
            lambda headers, alexa: headers | {"Signature-256": ",".join([headers["Signature-256"]] * 2)}, id="twice"
        ),
        pytest.param(lambda headers, alexa: without(headers, "Signature-256"), id="no signature"),
        pytest.param(lambda headers, alexa: without(headers, "SignatureCertChainUrl"), id="no certificate"),
        pytest.param(lambda headers, alexa: {"Content-Type": "application/json"}, id="neither"),
        pytest.param(
            lambda headers, alexa: without(headers, "Signature-256") | {"Signature": headers["Signature-256"]},
            id="the old header alone",
        ),
    ],
)
def test_a_signature_that_is_not_right_is_refused(
    door: Door, bend: Callable[[dict[str, str], Amazon], dict[str, str]]
) -> None:
    data = body()
    assert door.post(data, bend(door.amazon.headers(data), door.amazon)) == 400
    assert door.asked == []


def test_of_both_signatures_the_newer_one_counts(door: Door) -> None:
    data = body()
    headers = door.amazon.headers(data)
    assert door.post(data, {**headers, "Signature": "b2xk"}) == 200
    assert door.post(data, {**headers, "Signature": headers["Signature-256"], "Signature-256": "b2xk"}) == 400


def test_a_body_that_was_changed_by_a_byte_is_refused(door: Door) -> None:
    data = body()
    headers = door.amazon.headers(data)
    assert door.post(data.replace(b"en-US", b"en-GB"), headers) == 400
    assert door.post(data + b" ", headers) == 400
    assert door.asked == []


# ---- The time stamp


EVENT = {"type": "AlexaSkillEvent.SkillDisabled"}


@pytest.mark.parametrize(
    ("made", "status"),
    [
        pytest.param({"seconds_ago": 60}, 200, id="a minute ago"),
        pytest.param({"seconds_ago": -60}, 200, id="in a minute"),
        pytest.param({"seconds_ago": 200}, 400, id="too old"),
        pytest.param({"seconds_ago": -400}, 400, id="in the future"),
        pytest.param({"seconds_ago": 1800, "request": EVENT}, 200, id="an event of this hour"),
        pytest.param({"seconds_ago": 3700, "request": EVENT}, 400, id="an event of the hour before"),
        pytest.param({"timestamp": None}, 400, id="missing"),
        pytest.param({"timestamp": ""}, 400, id="empty"),
        pytest.param({"timestamp": "yesterday"}, 400, id="words"),
        pytest.param({"timestamp": 1_700_000_000}, 400, id="a number"),
        pytest.param({"timestamp": "2026-01-01T00:00:00"}, 400, id="no zone"),
        pytest.param({"timestamp": "0001-01-01T00:00:00+14:00"}, 400, id="the first year"),
        pytest.param({"timestamp": "9999-12-31T23:59:59-14:00"}, 400, id="the last year"),
        pytest.param({"timestamp": "2026-12-31T23:59:60Z"}, 400, id="a leap second"),
        pytest.param({"timestamp": ["2026-01-01T00:00:00Z"]}, 400, id="a list"),
    ],
)
def test_a_request_is_taken_while_it_is_fresh(door: Door, made: dict[str, Any], status: int) -> None:
    """Amazon's rule: 150 seconds either way, and an hour for events of the skill."""
    data = body(**made)
    assert door.post(data, door.amazon.headers(data)) == status
    assert len(door.asked) == (status == 200)


# ---- The skill


@pytest.mark.parametrize("written", ["amzn1.ask.skill.another", "", SKILL_ID.upper()])
def test_what_is_signed_for_another_skill_is_refused_before_anything_is_fetched(door: Door, written: str) -> None:
    data = body().replace(SKILL_ID.encode(), written.encode())
    assert door.post(data, door.amazon.headers(data)) == 400
    assert (door.asked, door.amazon.fetched) == ([], [])


# ---- The request as such


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="list"),
        pytest.param(b'"text"', id="text"),
        pytest.param(b"5", id="number"),
        pytest.param(b"{", id="broken"),
        pytest.param(b"{}x", id="more than one"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param(b"\xff\xfe{\x00}\x00", id="UTF-16"),
        pytest.param(b'{"a": "\xff"}', id="bad UTF-8"),
        pytest.param(b"\x00", id="nul"),
        pytest.param(b'{"request": NaN}', id="not a number"),
        pytest.param(b'{"request": 1e400}', id="infinite"),
        pytest.param(b"[" * 100_000, id="deep list"),
        pytest.param(b'{"a":' * 40_000, id="deep object"),
    ],
)
@pytest.mark.parametrize("verified", [True, False], ids=["verified", "insecure"])
def test_what_is_not_a_json_object_is_refused_even_when_signed(data: bytes, verified: bool) -> None:
    door = Door(verified)
    assert door.post(data, door.amazon.headers(data)) == 400
    assert door.asked == []


def test_a_body_that_is_too_large_is_not_read(door: Door) -> None:
    data = body(padding="x" * LARGEST_REQUEST)
    assert door.post(data, door.amazon.headers(data)) == 413
    assert (door.asked, door.amazon.fetched) == ([], [])


def test_session_attributes_as_large_as_alexa_allows_come_back(door: Door) -> None:
    data = body(padding="x" * 120 * 1024)
    assert door.post(data, door.amazon.headers(data)) == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_web_page_could_send_unasked_is_refused(door: Door, kind: str) -> None:
    data = body()
    assert door.post(data, {**door.amazon.headers(data), "Content-Type": kind}) == 415
    assert door.asked == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(door: Door, method: str) -> None:
    answer = door.client.open("/", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_there_is_nothing_else_to_be_found(door: Door) -> None:
    assert door.client.get("/admin").status_code == 404
    assert door.client.post("/health").status_code == 405


def test_unknown_values_reach_our_own_reading_of_envelopes(door: Door) -> None:
    """The SDK's serializer would raise on both before anything of ours is asked."""
    data = body(request={"type": "Display.Whatever", "reason": "NEVER_HEARD_OF"})
    assert door.post(data, door.amazon.headers(data)) == 200
    assert door.asked[0]["request"]["reason"] == "NEVER_HEARD_OF"


def test_health_says_that_it_is_alive_and_nothing_else(door: Door) -> None:
    assert door.client.get("/health").get_json() == {"status": "ok", "signatures": "checked"}
    assert Door(verified=False).client.get("/health").get_json() == {"status": "ok", "signatures": "not checked"}
    assert door.asked == []


def test_what_is_refused_is_logged_in_one_line_with_nothing_of_the_request(capsys: pytest.CaptureFixture[str]) -> None:
    door = Door()
    data = body(request={"type": "SecretRequest"})
    url = "https://evil.example/SECRET\n2026-01-01 a line of its own"
    door.client.post(
        "/", data=data, headers={**door.amazon.headers(data)}, environ_overrides={"HTTP_SIGNATURECERTCHAINURL": url}
    )
    written = capsys.readouterr()
    assert written.out == ""
    [line] = written.err.splitlines()
    assert line.endswith("Request verification failed: the certificate's address is not a URL")
    assert "secret" not in line.lower()


def test_an_unforeseen_fault_is_answered_and_its_trace_logged(capsys: pytest.CaptureFixture[str]) -> None:
    def broken(event: Mapping[str, Any]) -> dict[str, Any]:
        raise RuntimeError("out of order")

    client = create_app([broken], skill_id=None, certificates=None).test_client()
    answer = client.post("/", data=body(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 500
    assert "out of order" not in answer.get_data(as_text=True)
    assert "RuntimeError: out of order" in capsys.readouterr().err

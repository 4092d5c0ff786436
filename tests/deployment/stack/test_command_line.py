"""`make deploy` and `make destroy`."""

from __future__ import annotations

from pathlib import Path
from time import sleep

import pytest

from deployment.__main__ import main
from simulator.local_dynamodb import REGION
from tests.deployment.local_aws import SKILL_ID, LocalAWS
from tests.deployment.stack.running import PAUSE


@pytest.fixture
def signed_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment that knows nothing of AWS."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return monkeypatch


def last_words(capsys: pytest.CaptureFixture[str]) -> str:
    [line] = capsys.readouterr().err.splitlines()
    return line


def test_the_command_line_deploys_and_destroys(
    signed_out: pytest.MonkeyPatch, aws: LocalAWS, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_out.setenv("AWS_ENDPOINT_URL", aws.endpoint)
    signed_out.setenv("AWS_ACCESS_KEY_ID", "test")
    signed_out.setenv("AWS_SECRET_ACCESS_KEY", "test")
    signed_out.setenv("AWS_REGION", REGION)
    signed_out.setattr("time.sleep", lambda seconds: sleep(min(seconds, PAUSE)))
    where = ["--stack", "hip-coach-cli"]
    assert main(["deploy", *where, "--skill-id", SKILL_ID, "--bundle", str(bundle), "--memory", "256"]) == 0
    assert "SkillEndpoint  arn:aws:lambda:us-east-1:123456789012:function:hip-coach-cli-skill:live" in (
        capsys.readouterr().out
    )
    assert main(["deploy", *where, "--bundle", str(bundle), "--alarm-email", "nobody"]) == 2
    assert "must be one e-mail address, or empty" in last_words(capsys)
    assert main(["destroy", *where], ask=lambda question: "hip-coach") == 2
    assert "nothing was removed" in last_words(capsys)

    def nobody_there(question: str) -> str:
        raise EOFError

    assert main(["destroy", *where], ask=nobody_there) == 2
    assert "nothing was removed" in last_words(capsys)
    assert main(["destroy", *where], ask=lambda question: "hip-coach-cli") == 0
    assert "Kept the session log" in capsys.readouterr().out


def test_without_an_account_there_is_one_clear_line(
    signed_out: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deploy", "--skill-id", SKILL_ID]) == 2
    assert last_words(capsys) == "hip-coach: no AWS region: name one with --region eu-west-1, or set AWS_REGION"
    assert main(["deploy", "--skill-id", SKILL_ID, "--region", "eu-west-1"]) == 2
    assert last_words(capsys).startswith("hip-coach: no AWS credentials: run `aws configure`")
    assert main(["deploy", "--profile", "nobody"]) == 2
    assert "nobody" in last_words(capsys)
    assert main(["deploy", "--skill-id", "tuesday"]) == 2
    assert "'tuesday' is no skill id" in last_words(capsys)
    signed_out.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    signed_out.setenv("AWS_MAX_ATTEMPTS", "1")
    signed_out.setenv("AWS_ACCESS_KEY_ID", "test")
    signed_out.setenv("AWS_SECRET_ACCESS_KEY", "test")
    assert main(["destroy", "--region", "eu-west-1"]) == 2
    assert "AWS cannot be reached" in last_words(capsys)


def test_credentials_that_aws_does_not_know_are_named(
    signed_out: pytest.MonkeyPatch, aws: LocalAWS, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_out.setenv("AWS_ENDPOINT_URL", aws.endpoint)
    signed_out.setenv("AWS_ACCESS_KEY_ID", "AKIAUNKNOWNUNKNOWN00")
    signed_out.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert main(["deploy", "--skill-id", SKILL_ID, "--region", REGION]) == 2
    assert "AWS does not know these credentials" in last_words(capsys)

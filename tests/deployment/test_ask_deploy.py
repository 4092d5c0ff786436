"""Amazon's own `ask deploy` with the package that `make package` makes, against a management API of our own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from deployment.package import PACKAGE, SOURCES, STATES, Publisher, build, write
from tests.deployment.management_api import REFRESH, SKILL, VENDOR, ManagementApi
from tests.javascript import node_for

ROOT = Path(__file__).parents[2]
CLI = ROOT / ".engines" / "ask-cli"
OTHER_SKILL = "amzn1.ask.skill.ffffffff-0000-4000-8000-0123456789ab"
NO_NETWORK = "http://127.0.0.1:9"
"""Whatever is not on this machine goes to a proxy that isn't there."""


@pytest.fixture
def node() -> str:
    """The program that runs JavaScript, where it and ask-cli are to be had."""
    return node_for("ask-cli", CLI, Path(__file__).parent / "ask_cli")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder that `make package` writes."""
    folder = tmp_path / "alexa"
    write(folder, build(Publisher.read(SOURCES / "publisher.toml")))
    return folder


def ask_deploy(node: str, project: Path, api: ManagementApi) -> subprocess.CompletedProcess[str]:
    """Run `ask deploy` in the folder as somebody who has run `ask configure`."""
    home = project.parent / "home"
    (home / ".ask").mkdir(parents=True, exist_ok=True)
    token = {"access_token": "expired", "refresh_token": REFRESH, "token_type": "bearer", "expires_in": 3600}
    profile = {"token": {**token, "expires_at": "2020-01-01T00:00:00.000Z"}, "vendor_id": VENDOR, "aws_profile": None}
    config = {"profiles": {"default": profile}, "machine_id": "test", "share_usage": False}
    (home / ".ask" / "cli_config").write_text(json.dumps(config))
    return subprocess.run(
        [node, str(CLI / "node_modules" / "ask-cli" / "dist" / "bin" / "ask.js"), "deploy"],
        cwd=project,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "USERPROFILE": str(home),
            "ASK_SMAPI_SERVER_BASE_URL": api.url,
            "ASK_LWA_TOKEN_HOST": api.url,
            "ASK_SHARE_USAGE": "false",
            "ASK_SKIP_NEW_VERSION_REMINDER": "true",
            "HTTP_PROXY": NO_NETWORK,
            "HTTPS_PROXY": NO_NETWORK,
            "NO_PROXY": "127.0.0.1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_package_goes_up_as_it_is_and_the_skill_is_enabled(node: str, project: Path) -> None:
    made = {
        path.relative_to(project / PACKAGE).as_posix(): path.read_bytes()
        for path in (project / PACKAGE).rglob("*")
        if path.is_file()
    }
    with ManagementApi() as api:
        done = ask_deploy(node, project, api)
        assert done.returncode == 0, done.stdout + done.stderr
        sent = api.package()
    assert sent == made
    assert [package.skill_id for package in api.imports] == [SKILL]
    assert api.enabled == {SKILL}
    # It is noted which skill this is, so that the next deployment changes it and makes no second one.
    assert json.loads((project / STATES).read_text())["profiles"]["default"]["skillId"] == SKILL
    assert not [
        call for call in api.calls if not call.split()[1].startswith(("/auth/o2/token", "/v1/skills", "/upload/"))
    ]


def test_a_skill_that_is_there_already_is_changed_also_after_the_package_is_made_anew(node: str, project: Path) -> None:
    publisher = Publisher.read(SOURCES / "publisher.toml")
    write(project, build(publisher, OTHER_SKILL))
    write(project, build(publisher))
    with ManagementApi() as api:
        done = ask_deploy(node, project, api)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"POST /v1/skills/{OTHER_SKILL}/imports" in api.calls
    assert "POST /v1/skills/imports" not in api.calls
    assert api.enabled == {OTHER_SKILL}


def test_a_refusal_is_told_and_nothing_is_enabled(node: str, project: Path) -> None:
    with ManagementApi(refuses="the invocation name is taken") as api:
        done = ask_deploy(node, project, api)
    assert done.returncode != 0
    assert "the invocation name is taken" in done.stdout + done.stderr
    assert api.enabled == set()

"""The list of checks, and `make certify`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from deployment import certify
from deployment.certification import CHECKS, GROUPS, SkillPackage
from deployment.package import build, write
from tests.deployment.certification.packages import BY_ID, STATIC, good
from tests.deployment.test_package import PUBLISHER


def test_a_good_package_has_nothing_to_mend() -> None:
    for check in STATIC:
        assert list(check.findings(SkillPackage(good()))) == [], check.id


def test_every_check_has_a_name_a_sentence_and_a_source() -> None:
    assert len(BY_ID) == len(CHECKS)
    for check in CHECKS:
        assert check.id.partition(".")[0] in GROUPS
        assert check.wants
        assert check.source


def test_it_lists_every_check_and_says_what_to_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, build(replace(PUBLISHER, operator="NAME OF THE OPERATOR")))
    assert certify.main(["--package", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    for check in CHECKS:
        assert any(check.id in line.split() for line in lines), check.id
    at = next(number for number, line in enumerate(lines) if "privacy.pages" in line)
    assert lines[at].startswith("TO MEND")
    assert "NAME OF THE OPERATOR" in lines[at + 1]


def test_without_a_package_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert certify.main(["--package", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err == (
        f"hip-coach: there is no skill package in {tmp_path / 'nowhere'}: run `make package` first\n"
    )

"""The libraries that go into the bundle: which are taken, and which are refused."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from deployment import distributions
from deployment.distributions import BundleError, is_pure, library, verified_files

NOTHING = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
"""The hash of an empty file, as RECORD has it."""


def test_a_library_of_another_version_than_the_locks_is_refused() -> None:
    with pytest.raises(BundleError, match=r"six .* is installed and requirements.lock pins 0.1: run `make setup`"):
        library("six", "0.1")
    with pytest.raises(BundleError, match=r"requirements.lock doesn't pin six: run `make lock`"):
        library("six", None)
    with pytest.raises(BundleError, match="no-such-library isn't installed: run `make setup`"):
        library("no-such-library", "1.0")


def made_up(folder: Path, tag: str, content: str = "x = 1\n") -> metadata.Distribution:
    """A distribution that was installed with a module that says "x = 1" and an empty one."""
    info = folder / "thing-1.0.dist-info"
    info.mkdir()
    (folder / "thing.py").write_text(content)
    (folder / "empty.py").touch()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
    (info / "WHEEL").write_text(
        f"Wheel-Version: 1.0\nRoot-Is-Purelib: {str(tag.endswith('any')).lower()}\nTag: {tag}\n"
    )
    (info / "RECORD").write_text(
        f"thing.py,sha256=nia_NpkRxFwkPGhBR7I_yeHc_PJX0pmhxjIBam_NM_Q,6\nempty.py,sha256={NOTHING},0\n"
    )
    return metadata.PathDistribution(info)


def test_a_file_that_was_changed_after_it_was_installed_is_refused(tmp_path: Path) -> None:
    changed = made_up(tmp_path, "py3-none-any", "x = 2\n")
    with pytest.raises(BundleError, match=r"thing.py isn't what was installed"):
        list(verified_files(changed))


def test_a_file_that_is_gone_is_refused_even_if_nothing_was_in_it(tmp_path: Path) -> None:
    broken = made_up(tmp_path, "py3-none-any")
    assert [place for place, _ in verified_files(broken)] == ["thing.py", "empty.py"]
    (tmp_path / "empty.py").unlink()
    with pytest.raises(BundleError, match=r"empty.py isn't what was installed"):
        list(verified_files(broken))


def test_a_library_for_one_processor_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    native = made_up(tmp_path, "cp313-cp313-manylinux2014_x86_64")
    assert not is_pure(native)
    monkeypatch.setattr(distributions, "_installed", lambda name: native)
    with pytest.raises(BundleError, match=r"thing 1.0 is not pure Python"):
        library("thing", "1.0")

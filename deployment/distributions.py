"""The libraries that go into the bundle: which they are, and their files, as pip installed them in `.venv`.

`make setup` installs what requirements.lock pins and pip checks each archive against its hash there. From then on every
file has its own hash in the RECORD of its distribution, against which it is checked here. So a bundle is made of what
the lock names, without a network.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, cast

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[1]

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_LICENCE = re.compile(r"(^|/)(licen[cs]e|notice|copying|authors)[^/]*$|/licenses/[^/]+$", re.IGNORECASE)


class BundleError(Exception):
    """No bundle can be made. The text is one line: what is wrong, and what to do about it."""


@dataclass(frozen=True)
class Library:
    """One distribution as it is installed.

    Attributes:
        name: its name, as in requirements.lock.
        version: its version, the one of the lock.
        files: its modules and data by their place beside each other, and what is in them.
        licences: its licence texts and notices, by file name.
    """

    name: str
    version: str
    files: Mapping[str, bytes]
    licences: Mapping[str, bytes]


def direct_needs(project: Path = ROOT / "pyproject.toml") -> list[str]:
    """What the project needs without any of its extras: what the skill runs on."""
    needs: list[str] = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    return needs


def pins(lock: Path = ROOT / "requirements.lock") -> dict[str, str]:
    """The version of every distribution that the lock pins, by canonical name."""
    return {canonicalize_name(name): version for name, version in _PIN.findall(lock.read_text(encoding="utf-8"))}


def with_their_needs(names: Iterable[str], runtime: str, left_out: Iterable[str] = ()) -> list[str]:
    """The canonical names of all that these requirements need, in alphabetical order.

    Args:
        names: requirements, such as "boto3>=1.43".
        runtime: the Python that they will run on, such as "3.13".
        left_out: names that are not followed.

    Raises:
        BundleError: when one isn't installed.
    """
    here = cast("dict[str, str]", default_environment())
    environment = {**here, "python_version": runtime, "python_full_version": f"{runtime}.0"}
    found: set[str] = set()
    waiting = [Requirement(name) for name in names]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        extras = ["", *requirement.extras]
        wanted = requirement.marker is None or any(
            requirement.marker.evaluate({**environment, "extra": extra}) for extra in extras
        )
        if not wanted or name in found or name in left_out:
            continue
        found.add(name)
        waiting += [Requirement(need) for need in _installed(name).requires or ()]
    return sorted(found)


def library(name: str, version: str | None) -> Library:
    """Read an installed distribution, every file checked.

    Args:
        name: its canonical name.
        version: what the lock pins; None when it pins none.

    Raises:
        BundleError: when it is another version, is not pure Python, or was changed after it was installed.
    """
    distribution = _installed(name)
    if version is None:
        raise BundleError(f"requirements.lock doesn't pin {name}: run `make lock`")
    if distribution.version != version:
        raise BundleError(
            f"{name} {distribution.version} is installed and requirements.lock pins {version}: run `make setup`"
        )
    if not is_pure(distribution):
        raise BundleError(f"{name} {version} is not pure Python: it can't go into a bundle for any processor")
    files: dict[str, bytes] = {}
    licences: dict[str, bytes] = {}
    for place, data in verified_files(distribution):
        if ".dist-info/" not in place:
            files[place] = data
        elif _LICENCE.search(place):
            licences[place.rpartition("/")[2]] = data
    return Library(name, version, files, licences)


def is_pure(distribution: metadata.Distribution) -> bool:
    """Does its wheel run on every machine?"""
    wheel = distribution.read_text("WHEEL") or ""
    tags = re.findall(r"^Tag: (\S+)$", wheel, re.MULTILINE)
    return "Root-Is-Purelib: true" in wheel and any(tag.endswith("-none-any") for tag in tags)


def verified_files(distribution: metadata.Distribution) -> Iterator[tuple[str, bytes]]:
    """Every file of an installed distribution with its place and content, but for scripts and pip's own notes.

    Raises:
        BundleError: when one is gone, or isn't what was installed.
    """
    # RECORD itself rather than `distribution.files`, which passes over what is gone.
    for place, digest, _ in csv.reader((distribution.read_text("RECORD") or "").splitlines()):
        if not digest or place.startswith("../"):
            continue  # Bytecode and RECORD itself have no hash; scripts lie outside.
        algorithm, _, wanted = digest.partition("=")
        try:
            data = Path(str(distribution.locate_file(place))).read_bytes()
        except OSError:
            data = None
        if data is None or _hash(algorithm, data) != wanted:
            raise BundleError(f"{place} isn't what was installed: run `make clean`, then `make setup`")
        yield place, data


def _hash(algorithm: str, data: bytes) -> str:
    """The hash of a file as RECORD has it."""
    return base64.urlsafe_b64encode(hashlib.new(algorithm, data).digest()).rstrip(b"=").decode()


def _installed(name: str) -> metadata.Distribution:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        raise BundleError(f"{name} isn't installed: run `make setup`") from None

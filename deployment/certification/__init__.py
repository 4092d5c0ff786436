"""What Amazon's certification wants of a skill, as a list of small checks: those that can be made without Amazon."""

from __future__ import annotations

from collections.abc import Iterator

# Each module brings its checks.
from deployment.certification import models, promises, shape, store, talks  # noqa: F401
from deployment.certification.check import CHECKS, Check, SkillPackage

__all__ = ["CHECKS", "GROUPS", "Check", "SkillPackage", "certify"]

GROUPS = ("shape", "store", "privacy", "skill", "model", "talk")
"""What the ids of the checks begin with, in the order in which they are told."""


def certify(package: SkillPackage) -> Iterator[tuple[Check, list[str]]]:
    """Every check with what is to be mended, which is nothing when it passes."""
    for one in sorted(CHECKS, key=lambda one: GROUPS.index(one.id.partition(".")[0])):
        yield one, list(dict.fromkeys(one.findings(package)))

"""`make certify`: what Amazon's certification would find, as far as that can be told without Amazon."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deployment.package import TARGET

MOST_SHOWN = 8
"""Findings of one check that are told; of the others only how many there are."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Go through the checks. Returns the exit code: 0, 1 when something is to be mended, 2 without a package."""
    parser = argparse.ArgumentParser(prog="make certify", description="Check the skill package for certification.")
    parser.add_argument("--package", type=Path, default=TARGET, help="its folder; dist/alexa by default")
    options = parser.parse_args(arguments)
    files = read_files(options.package)
    if not files:
        print(f"hip-coach: there is no skill package in {options.package}: run `make package` first", file=sys.stderr)
        return 2

    # Here, because it loads the simulator and the skill.
    from deployment.certification import SkillPackage, certify

    count = faulty = 0
    for check, findings in certify(SkillPackage(files)):
        count += 1
        faulty += bool(findings)
        print(f"{'TO MEND' if findings else 'pass   '}  {check.id:20} {check.wants}")
        for finding in findings[:MOST_SHOWN]:
            print(f"           - {finding}")
        if len(findings) > MOST_SHOWN:
            print(f"           - and {len(findings) - MOST_SHOWN} more")
        if findings:
            print(f"           (source: {check.source})")
    print(f"\n{count} checks: {count - faulty} pass, {faulty} to mend")
    return 1 if faulty else 0


def read_files(folder: Path) -> dict[str, bytes]:
    """The files of a package, by place in its folder; none when there is no folder."""
    if not folder.is_dir():
        return {}
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())

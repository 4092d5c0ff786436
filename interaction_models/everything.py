"""Everything that is made from what people write: `make models`, and whether it is current: `make check`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skill.coaching.understanding.classifier import FILE as CLASSIFIER

from . import build, compiled_content, pages, train
from .lint_schema import sizes
from .source import SourceError, read


def main(check: bool) -> int:
    """Make the content pages, the skill's own understanding and the interaction models; 0 if all is well."""
    try:
        source = read(build.SOURCE)
        if check:
            return _check(source_file=build.SOURCE)
        for path in [*compiled_content.write_pages(source), *pages.write_pages(source)]:
            print(f"wrote {_shown(path)}")
        if not train.is_current(build.SOURCE, CLASSIFIER):
            print(f"wrote {_shown(CLASSIFIER)}: {train.write(build.SOURCE, CLASSIFIER)}")
    except (SourceError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 1
    failed = build.main()
    if not failed:
        print("\n".join(fullness(build.committed())))
    return failed


def fullness(models: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """How near the models are to what Alexa takes: a line for each limit, with the locale that is nearest to it."""
    found: dict[str, tuple[int, int, str]] = {}
    for locale, model in models.items():
        for what, count, most in sizes(model):
            if what not in found or count > found[what][0]:
                found[what] = (count, most, locale)
    return [
        f"{what}: {count:,} of {most:,} ({100 * count // most} %, {locale})"
        for what, (count, most, locale) in found.items()
    ]


def _check(source_file: Path) -> int:
    source = read(source_file)
    stale = [_shown(path) for path in (*compiled_content.stale_pages(source), *pages.stale_pages(source))]
    if not train.is_current(source_file, CLASSIFIER):
        stale.append(_shown(CLASSIFIER))
    for path in stale:
        print(f"{path} is stale: run make models", file=sys.stderr)
    return max(build.main(check=True), 1 if stale else 0)


def _shown(path: Path) -> str:
    return str(path.relative_to(Path(__file__).parent.parent))

"""From the content as people write it (TOML, with every way of asking) to what the skill reads: small JSON pages.

Lambda must answer within a second of waking, and TOML is slow to read; the ways of asking are for the models alone.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .expand import Expander
from .source import Place, Source, Template

CONTENT = Path(__file__).parent.parent / "skill" / "content" / "en"
COMPILED = "compiled"
ONLY_FOR_MODELS = ("ask", "near_miss")
REMINDER_TYPES = ("ReminderAbout", "Recurrence", "ReminderWhich", "ReminderPlace")
"""Types whose names are looked for in a wish for a reminder alone: elsewhere "every morning" is no time to be kept."""


def compiled_pages(source: Source, folder: Path = CONTENT) -> dict[Path, str]:
    """The text of every page, by the path where it belongs. All files of a sub-folder make one page."""
    pages: dict[str, dict[str, Any]] = {}
    expander = Expander(source)
    for path in sorted(folder.rglob("*.toml")):
        name = path.stem if path.parent == folder else path.parent.name
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
        page = pages.setdefault(name, {})
        repeated = page.keys() & entries.keys()
        if repeated:
            raise ValueError(f"{path.name}: {sorted(repeated)[0]} stands in another file too; rename one of them")
        page.update({entry: _spoken(value, expander) for entry, value in entries.items()})
    names = _lexicon(source)
    pages["reminder_lexicon"] = {kind: names.pop(kind) for kind in REMINDER_TYPES if kind in names}
    pages["lexicon"] = names
    return {
        folder / COMPILED / f"{name}.json": json.dumps(page, ensure_ascii=False, indent=1) + "\n"
        for name, page in pages.items()
    }


def _lexicon(source: Source) -> dict[str, Any]:
    """The names of every slot value in every English, for free text."""
    lexicon: dict[str, dict[str, list[str]]] = {
        kind: {value: list(names) for value, names in values.items()} for kind, values in source.types.items()
    }
    for locale in source.locales:
        for kind, values in locale.added.items():
            for value, names in values.items():
                known = lexicon[kind].setdefault(value, [])
                known += [name for name in names if name not in known]
    return lexicon


def _spoken(entry: Any, expander: Expander) -> Any:
    """An entry without what only the models need. Of the ways of asking, the first stays, to be offered."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get("ask"), list):
        return entry
    offer = as_spoken(expander.expand(Template(entry["ask"][0], Place(CONTENT, 1)))[0])
    return {key: value for key, value in entry.items() if key not in ONLY_FOR_MODELS} | {"offer": offer}


def as_spoken(question: str) -> str:
    """A way of asking as it is said back: the short name of the disease letter by letter."""
    return re.sub(r"\ba s\b", "A S", question)


def stale_pages(source: Source, folder: Path = CONTENT) -> list[Path]:
    """Pages that are not what the content would make now."""
    wanted = compiled_pages(source, folder)
    there = set((folder / COMPILED).glob("*.json"))
    changed = [path for path, text in wanted.items() if path not in there or path.read_text(encoding="utf-8") != text]
    return changed + sorted(there - wanted.keys())


def write_pages(source: Source, folder: Path = CONTENT) -> list[Path]:
    """Write the pages that changed and remove those without content; says which."""
    wanted, changed = compiled_pages(source, folder), stale_pages(source, folder)
    (folder / COMPILED).mkdir(exist_ok=True)
    for path in changed:
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return changed

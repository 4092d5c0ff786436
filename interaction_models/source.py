"""Read en.toml: what people say, as written by hand, with the line each thing stands on."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class SourceError(Exception):
    """Something in a source file cannot be read; says where, and what to do."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        super().__init__(f"{file.name}:{line}: {message}")
        self.file, self.line, self.message = file, line, message


@dataclass(frozen=True)
class Place:
    """A line of a file that somebody can open."""

    file: Path
    line: int


@dataclass(frozen=True)
class Template:
    """One line of samples before it is expanded."""

    text: str
    place: Place


@dataclass(frozen=True)
class Intent:
    """One thing a person can ask for."""

    name: str
    slots: Mapping[str, str]
    """Slot name to slot type."""
    templates: tuple[Template, ...]
    place: Place


Values = Mapping[str, tuple[str, ...]]
"""Value id to its names; the first is the one Alexa shows."""


@dataclass(frozen=True)
class Locale:
    """How one English differs from the rest."""

    name: str
    added: Mapping[str, Values]
    """Type to the names added."""
    removed: Mapping[str, Values]
    """Type to the names taken away."""
    templates: Mapping[str, tuple[Template, ...]]
    """Intent to the samples added."""


@dataclass(frozen=True)
class Source:
    """All of en.toml, and the intents that came from elsewhere."""

    file: Path
    text: str
    invocation_name: str
    sensitivity: str
    rules: Mapping[str, str]
    types: Mapping[str, Values]
    intents: tuple[Intent, ...]
    locales: tuple[Locale, ...]

    def local_templates(self, intent: str) -> list[Template]:
        """The samples that single locales add to an intent."""
        return [template for locale in self.locales for template in locale.templates.get(intent, ())]

    def place(self, words: str, heading: str, after: str = "") -> Place:
        """Where `words` stands in the table under `heading`, after the key `after` if one is given."""
        return Place(self.file, Lines(self.text, heading).find(words, after))

    def place_of_name(self, type_name: str, key: str, name: str) -> Place:
        """Where a name of a type's value stands: in the type, or in what a locale adds to it."""
        for heading in (f"[types.{type_name}]", *(f"[locales.{each.name}.types.{type_name}]" for each in self.locales)):
            lines = Lines(self.text, heading)
            if line := lines.seek(name, key):
                return Place(self.file, line)
        return self.place(key, f"[types.{type_name}]")


class Lines:
    """Finds the line of a string in one table of a TOML file; with no heading, in all of it."""

    def __init__(self, text: str, heading: str = "") -> None:
        start = re.search(rf"^{re.escape(heading)}", text, re.MULTILINE) if heading else None
        begin = start.start() if start else 0
        end = re.compile(r"^\[", re.MULTILINE).search(text, begin + 1) if start else None
        self._before = text.count("\n", 0, begin)
        self._table = text[begin : end.start() if end else None]
        self._read = 0

    def find(self, words: str, after: str = "") -> int:
        """The line of `words`, or of the heading when it is nowhere."""
        return self.seek(words, after) or self._before + 1

    def following(self, words: str) -> int:
        """The line of `words` below the one found before: for strings read in the order written."""
        found = self._match(words, self._read) or self._match(words, 0)
        if not found:
            return self._before + 1
        self._read = found.end()
        return self._line(found.start())

    def seek(self, words: str, after: str = "") -> int | None:
        """The line of `words`, as a string or as a key, or nothing."""
        key = re.search(rf"^{re.escape(after)}\s*=", self._table, re.MULTILINE) if after else None
        if after and not key:
            return None
        found = self._match(words, key.start() if key else 0)
        return self._line(found.start()) if found else None

    def _match(self, words: str, start: int) -> re.Match[str] | None:
        text = re.escape(words)
        return re.compile(rf"""(?:"{text}"|'{text}'|^{text}\s*=)""", re.MULTILINE).search(self._table, start)

    def _line(self, position: int) -> int:
        return self._before + self._table.count("\n", 0, position) + 1


_TABLES = {"invocation_name", "fallback_sensitivity", "rules", "types", "intents", "locales"}


def read(file: Path, extra_intents: Iterable[Mapping[str, Any]] = ()) -> Source:
    """Read `file`, and take in intents made elsewhere, such as one for each answer.

    An extra intent is {"name", "samples"}, and if it has them "slots" and the "file" it was made from.
    """
    text = file.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise SourceError(file, int(line[1]) if line else 1, f"this is not TOML: {error}") from error
    for table in sorted(data.keys() - _TABLES):
        wanted = ", ".join(sorted(_TABLES))
        raise SourceError(file, Lines(text).find(table), f"nothing reads {table!r}; there are {wanted}")
    intents = [
        _intent({"name": name, **body}, file, text, f'[intents."{name}"]' if "." in name else f"[intents.{name}]")
        for name, body in data.get("intents", {}).items()
    ]
    for extra in extra_intents:
        origin = Path(extra.get("file", file))
        intents.append(_intent(extra, origin, origin.read_text(encoding="utf-8"), ""))
    return Source(
        file=file,
        text=text,
        invocation_name=data.get("invocation_name", ""),
        sensitivity=data.get("fallback_sensitivity", "LOW"),
        rules=data.get("rules", {}),
        types={name: _values(values) for name, values in data.get("types", {}).items()},
        intents=tuple(intents),
        locales=tuple(_locale(name, body, file, text) for name, body in data.get("locales", {}).items()),
    )


def _intent(data: Mapping[str, Any], file: Path, text: str, heading: str) -> Intent:
    name = data["name"]
    return Intent(
        name=name,
        slots=dict(data.get("slots", {})),
        templates=_templates(data.get("samples", ()), file, text, heading),
        place=Place(file, Lines(text, heading).find(name)),
    )


def _templates(samples: Iterable[str], file: Path, text: str, heading: str) -> tuple[Template, ...]:
    lines = Lines(text, heading)
    return tuple(Template(sample, Place(file, lines.following(sample))) for sample in samples)


def _values(values: Mapping[str, Iterable[str]]) -> Values:
    return {key: tuple(names) for key, names in values.items()}


def _locale(name: str, data: Mapping[str, Any], file: Path, text: str) -> Locale:
    return Locale(
        name=name,
        added={type_name: _values(values) for type_name, values in data.get("types", {}).items()},
        removed={type_name: _values(values) for type_name, values in data.get("without", {}).items()},
        templates={
            intent: _templates(samples, file, text, f"[locales.{name}.samples]")
            for intent, samples in data.get("samples", {}).items()
        },
    )

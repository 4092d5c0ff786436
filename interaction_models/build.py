"""Make the interaction model of every locale from en.toml: `make models`."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .content_intents import extra_intents as made_intents
from .expand import Expander
from .lint import lint
from .source import Intent, Locale, Source, SourceError, Values, read

HERE = Path(__file__).parent
SOURCE = HERE / "en.toml"

Model = dict[str, Any]
ExtraIntents = Iterable[Mapping[str, Any]]


def build(source: Path = SOURCE, extra_intents: ExtraIntents = ()) -> dict[str, Model]:
    """The model of each locale, as Alexa reads it."""
    parsed = read(source, extra_intents)
    expander = Expander(parsed)
    return {locale.name: _model(parsed, locale, expander) for locale in parsed.locales}


def write(models: Mapping[str, Model], folder: Path = HERE) -> list[Path]:
    """Write the models that changed, and say which."""
    changed = stale(models, folder)
    for path in changed:
        path.write_text(as_text(models[path.stem]), encoding="utf-8")
    return changed


def stale(models: Mapping[str, Model], folder: Path = HERE) -> list[Path]:
    """The files that are not what en.toml would make now."""
    paths = {folder / f"{locale}.json": as_text(model) for locale, model in models.items()}
    return [path for path, text in paths.items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def committed(folder: Path = HERE) -> dict[str, Model]:
    """The model of each locale as it stands in its file."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("en-*.json"))}


def as_text(model: Model) -> str:
    """A model as it stands in its file."""
    return json.dumps(model, indent=1, ensure_ascii=False) + "\n"


def intent_names(model: Model) -> list[str]:
    """Every intent of a model, each of which somebody has to handle."""
    return [intent["name"] for intent in model["interactionModel"]["languageModel"]["intents"]]


def main(
    check: bool = False, extra_intents: ExtraIntents | None = None, source: Path = SOURCE, folder: Path = HERE
) -> int:
    """Write the models, or with `check` only say what is wrong; 0 when all is well."""
    try:
        extra = list(made_intents(source) if extra_intents is None else extra_intents)
        models = build(source, extra)
    except SourceError as error:
        print(f"{_shown(error.file)}:{error.line}: {error.message}", file=sys.stderr)
        return 1
    if not check:
        for path in write(models, folder):
            print(f"wrote {_shown(path)}")
        return 0
    faults = lint(models, source, extra)
    for fault in faults:
        print(f"{_shown(fault.file)}:{fault.line}: {fault.message}", file=sys.stderr)
    outdated = stale(models, folder)
    for path in outdated:
        print(f"{_shown(path)} is stale: run make models", file=sys.stderr)
    return 1 if faults or outdated else 0


def _model(source: Source, locale: Locale, expander: Expander) -> Model:
    intents = [_intent(intent, locale, expander) for intent in sorted(source.intents, key=lambda intent: intent.name)]
    types = [
        {"name": name, "values": list(_values(values, locale.added.get(name, {}), locale.removed.get(name, {})))}
        for name, values in sorted(source.types.items())
    ]
    return {
        "interactionModel": {
            "languageModel": {
                "invocationName": source.invocation_name,
                "modelConfiguration": {"fallbackIntentSensitivity": {"level": source.sensitivity}},
                "intents": intents,
                "types": types,
            }
        }
    }


def _intent(intent: Intent, locale: Locale, expander: Expander) -> Model:
    templates = (*intent.templates, *locale.templates.get(intent.name, ()))
    made: Model = {"name": intent.name}
    if intent.slots:
        made["slots"] = [{"name": name, "type": kind} for name, kind in intent.slots.items()]
    made["samples"] = sorted({sentence for template in templates for sentence in expander.expand(template)})
    return made


def _values(values: Values, added: Values, removed: Values) -> Iterator[Model]:
    for key in dict.fromkeys((*values, *added)):
        names = [name for name in (*values.get(key, ()), *added.get(key, ())) if name not in removed.get(key, ())]
        if names:
            yield {"id": key, "name": {"value": names[0], "synonyms": sorted(names[1:])}}


def _shown(path: Path) -> str:
    """A path as short as it can be from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)

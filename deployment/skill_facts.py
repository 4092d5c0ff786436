"""What the skill's own code needs of Alexa, read from the code: so the manifest can ask for that and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from skill.handlers import REQUESTS

SKILL: Final = Path(__file__).parents[1] / "skill"

INTERFACES: Final = {
    "AUDIO_PLAYER": ("AudioPlayer.", "ask_sdk_model.interfaces.audioplayer"),
    "ALEXA_PRESENTATION_APL": ("Alexa.Presentation.APL.", "ask_sdk_model.interfaces.alexa.presentation.apl"),
}
"""Interfaces that must be declared before their directives may be sent: how these begin, and where the SDK has them.
(Alexa.Presentation.APLA, voice permissions and the timers need no declaration.)"""

_DIRECTIVES = frozenset(
    """AudioPlayer.Play AudioPlayer.Stop AudioPlayer.ClearQueue Alexa.Presentation.APL.RenderDocument
    Alexa.Presentation.APL.ExecuteCommands Alexa.Presentation.APL.SendIndexListData
    Alexa.Presentation.APL.UpdateIndexListData Alexa.Presentation.APL.SendTokenListData""".split()
)
_SCOPE = re.compile(r"alexa::[a-z_]+(:[a-z_]+)+")
_EVENT = "AlexaSkillEvent."


@cache
def scopes(code: Path = SKILL) -> Mapping[str, str]:
    """The permissions that the code names, each with the first file that does."""
    return _first((scope, place) for scope, place in _texts(code) if _SCOPE.fullmatch(scope))


@cache
def interfaces(code: Path = SKILL) -> Mapping[str, str]:
    """The interfaces whose directives the code sends, each with the first file that does."""
    return _first(
        (name, place) for directive, place in (*_texts(code), *_imports(code)) if (name := interface_of(directive))
    )


def interface_of(directive: str) -> str | None:
    """The interface to declare for a directive, by its type; None when there is nothing to declare."""
    return next(
        (name for name, (start, _) in INTERFACES.items() if directive in _DIRECTIVES and directive.startswith(start)),
        None,
    )


def events() -> tuple[str, ...]:
    """The skill events that the skill answers, as the manifest names them: SKILL_DISABLED and so on."""
    names = (request.removeprefix(_EVENT) for request in REQUESTS if request.startswith(_EVENT))
    return tuple(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper() for name in names)


def _first(found: Iterator[tuple[str, str]]) -> Mapping[str, str]:
    places: dict[str, str] = {}
    for name, place in found:
        places.setdefault(name, place)
    return dict(sorted(places.items()))


@cache
def _texts(code: Path) -> tuple[tuple[str, str], ...]:
    """Every text in the code, with its file."""
    return tuple(
        (node.value, place)
        for node, place in _nodes(code)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _imports(code: Path) -> Iterator[tuple[str, str]]:
    """A directive's type for each class of a directive that the code imports from the SDK, with the file."""
    for node, place in _nodes(code):
        if not isinstance(node, ast.ImportFrom):
            continue
        for start, module in INTERFACES.values():
            if (node.module or "").startswith(module):
                for name in node.names:
                    yield start + name.name.removesuffix("Directive"), place


@cache
def _nodes(code: Path) -> tuple[tuple[ast.AST, str], ...]:
    return tuple(
        (node, path.relative_to(code.parent).as_posix())
        for path in sorted(code.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))
    )

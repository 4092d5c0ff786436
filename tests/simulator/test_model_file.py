"""An interaction model that is broken is refused in one line that says what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.nlu import FALLBACK, LanguageModel, ModelError, Understood, intent_json
from tests.simulator.small_model import SMALL_MODEL


def _language(data: dict[str, Any]) -> Any:
    return data["interactionModel"]["languageModel"]


def _first(data: dict[str, Any], key: str) -> Any:
    return _language(data)[key][0]


BREAKAGES: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda data: data.pop("interactionModel"), "the file needs `interactionModel` as an object"),
    (lambda data: _language(data).pop("invocationName"), "languageModel needs `invocationName` as a text"),
    (lambda data: _language(data).update(intents={}), "needs `intents` as a list, not an object"),
    (lambda data: _first(data, "intents").pop("name"), "an intent needs `name`"),
    (lambda data: _first(data, "intents").update(samples=[7]), "has a sample that is no text"),
    (lambda data: _first(data, "intents").update(samples=["start {thing}"]), "uses {thing}; add that slot"),
    (lambda data: _first(data, "intents")["slots"][0].update(type="Nothing"), "type Nothing, which has no values"),
    (lambda data: _first(data, "intents")["slots"][0].update(type="AMAZON.Ordinal"), "cannot hear it yet"),
    (lambda data: _first(data, "intents")["slots"].append({"name": "side", "type": "Side"}), "has slot side twice"),
    (lambda data: _language(data)["intents"].append(_first(data, "intents")), "stands there twice"),
    (lambda data: _language(data)["types"].append(_first(data, "types")), "slot type Modality stands there twice"),
    (lambda data: _first(data, "types")["values"].append("x"), "must be an object with `name`, not a text"),
    (lambda data: _first(data, "types")["values"][0]["name"].update(synonyms=[None]), "a synonym that is no text"),
    (lambda data: _phrase_samples(data, ["{question}"]), "add a carrier phrase"),
    (lambda data: _phrase_samples(data, ["ask {question} {question}"]), "Alexa refuses that"),
]


def _phrase_samples(data: dict[str, Any], samples: list[str]) -> None:
    next(intent for intent in _language(data)["intents"] if intent["name"] == "AskIntent").update(samples=samples)


class TestBrokenModels:
    """A model that cannot be used is refused in one line that names the file."""

    @pytest.mark.parametrize(("breakage", "message"), BREAKAGES, ids=[message for _, message in BREAKAGES])
    def test_a_wrong_shape(self, tmp_path: Path, breakage: Callable[[dict[str, Any]], object], message: str) -> None:
        data = json.loads(SMALL_MODEL.read_text(encoding="utf-8"))
        breakage(data)
        self._refused(tmp_path, json.dumps(data).encode(), message)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "is not JSON"),
            (b"{", "is not JSON"),
            (b"[" * 100_000, "is not JSON"),
            (b"\xff\xfe", "is not UTF-8"),
            (b"[]", "not a list"),
            (b"null", "not null"),
            (b"7", "not 7"),
        ],
        ids=["empty", "half", "deep", "bytes", "list", "null", "number"],
    )
    def test_no_model_at_all(self, tmp_path: Path, content: bytes, message: str) -> None:
        self._refused(tmp_path, content, message)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"nowhere\.json: cannot be read \(No such file or directory\)"):
            LanguageModel.load(tmp_path / "nowhere.json")

    def test_a_model_without_intents_understands_nothing(self, tmp_path: Path) -> None:
        empty = tmp_path / "model.json"
        empty.write_text('{"interactionModel": {"languageModel": {"invocationName": "test coach", "intents": []}}}')
        understood = LanguageModel.load(empty).understand("start ice")
        assert understood == Understood(FALLBACK)
        assert intent_json(understood, LanguageModel.load(empty), "s")["slots"] == {}

    @staticmethod
    def _refused(folder: Path, content: bytes, message: str) -> None:
        path = folder / "model.json"
        path.write_bytes(content)
        with pytest.raises(ModelError) as refused:
            LanguageModel.load(path)
        assert str(refused.value).startswith(f"{path}: ")
        assert message in str(refused.value)
        assert "\n" not in str(refused.value)

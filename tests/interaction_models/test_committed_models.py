"""The five committed models are what en.toml says, and Alexa would take them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from interaction_models import build, compiled_content, pages, train
from interaction_models.content_intents import extra_intents
from interaction_models.lint import lint
from interaction_models.source import read
from skill.coaching.understanding.classifier import FILE as CLASSIFIER
from skill.handlers import INTENTS, is_known

LOCALES = ("en-US", "en-GB", "en-AU", "en-CA", "en-IN")


@pytest.fixture(scope="module")
def extra() -> list[Mapping[str, Any]]:
    return list(extra_intents(build.SOURCE))


@pytest.fixture(scope="module")
def models(extra: list[Mapping[str, Any]]) -> dict[str, build.Model]:
    return build.build(build.SOURCE, extra)


def test_there_are_five_locales(models: dict[str, build.Model]) -> None:
    assert tuple(models) == LOCALES


def test_committed_files_are_current(models: dict[str, build.Model]) -> None:
    assert build.stale(models) == [], "run make models"


def test_nothing_to_mend(models: dict[str, build.Model], extra: list[Mapping[str, Any]]) -> None:
    assert lint(models, build.SOURCE, extra) == []


def test_the_content_pages_are_current() -> None:
    assert compiled_content.stale_pages(read(build.SOURCE)) == [], "run make models"


def test_the_documentation_made_from_the_content_is_current() -> None:
    assert pages.stale_pages(read(build.SOURCE)) == [], "run make models"


def test_the_understanding_was_learnt_from_the_content_as_it_is() -> None:
    assert train.is_current(build.SOURCE, CLASSIFIER), "run make models"


def test_every_intent_of_the_model_is_handled(models: dict[str, build.Model]) -> None:
    assert [name for name in build.intent_names(models["en-US"]) if not is_known(name)] == []


def test_every_handler_can_be_reached(models: dict[str, build.Model]) -> None:
    assert INTENTS.keys() - set(build.intent_names(models["en-US"])) == set()


def test_the_model_is_well_below_the_limits_of_alexa(models: dict[str, build.Model]) -> None:
    for model in models.values():
        assert len(build.as_text(model).encode()) < 1_400_000
        assert len(build.intent_names(model)) < 250


def test_every_locale_has_the_same_intents(models: dict[str, build.Model]) -> None:
    assert len({tuple(build.intent_names(model)) for model in models.values()}) == 1


def test_samples_are_sorted_and_each_is_there_once(models: dict[str, build.Model]) -> None:
    for intent in models["en-US"]["interactionModel"]["languageModel"]["intents"]:
        assert intent["samples"] == sorted(set(intent["samples"]))


def test_locales_differ_in_their_own_words(models: dict[str, build.Model]) -> None:
    def words(locale: str) -> str:
        return json.dumps(models[locale], ensure_ascii=False)

    assert '"baraf"' in words("en-IN")
    assert '"baraf"' not in words("en-US")


def test_main_writes_and_then_has_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(extra_intents=(), folder=tmp_path) == 0
    assert capsys.readouterr().out.count("wrote ") == len(LOCALES)
    assert build.main(extra_intents=(), folder=tmp_path) == 0
    assert capsys.readouterr().out == ""


def test_check_names_the_stale_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build.main(extra_intents=(), folder=tmp_path)
    (tmp_path / "en-GB.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert build.main(check=True, extra_intents=(), folder=tmp_path) == 1
    told = capsys.readouterr().err
    assert "en-GB.json is stale: run make models" in told
    assert "en-US.json" not in told

"""The five committed models are what en.toml says, and Alexa would take them."""

import json
from pathlib import Path

import pytest

from interaction_models import build
from interaction_models.lint import lint

LOCALES = ("en-US", "en-GB", "en-AU", "en-CA", "en-IN")


@pytest.fixture(scope="module")
def models() -> dict[str, build.Model]:
    return build.build()


def test_there_are_five_locales(models: dict[str, build.Model]) -> None:
    assert tuple(models) == LOCALES


def test_committed_files_are_current(models: dict[str, build.Model]) -> None:
    assert build.stale(models) == [], "run make models"


def test_nothing_to_mend(models: dict[str, build.Model]) -> None:
    assert lint(models, build.SOURCE) == []


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
    assert build.main(folder=tmp_path) == 0
    assert capsys.readouterr().out.count("wrote ") == len(LOCALES)
    assert build.main(folder=tmp_path) == 0
    assert capsys.readouterr().out == ""


def test_check_names_the_stale_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build.main(folder=tmp_path)
    (tmp_path / "en-GB.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert build.main(check=True, folder=tmp_path) == 1
    told = capsys.readouterr().err
    assert "en-GB.json is stale: run make models" in told
    assert "en-US.json" not in told

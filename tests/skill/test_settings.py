"""The settings, read from the environment."""

from __future__ import annotations

import pytest

from skill.settings import Settings

# ---- Settings


def test_the_settings_are_read_from_the_environment() -> None:
    assert Settings.from_environment({}) == Settings()
    read = Settings.from_environment(
        {
            "HIP_COACH_TABLE": "table",
            "HIP_COACH_LOG_SECRET": "secret",
            "HIP_COACH_SKILL_ID": "amzn1.ask.skill.x",
            "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8000",
            "AWS_REGION": "eu-west-1",
            "HIP_COACH_ALLOW_LOOPBACK_API": "Yes",
            "HIP_COACH_API_READ_SECONDS": "0.5",
        }
    )
    assert read == Settings(
        table_name="table",
        log_secret="secret",
        skill_id="amzn1.ask.skill.x",
        dynamodb_endpoint="http://127.0.0.1:8000",
        region="eu-west-1",
        allow_loopback_api=True,
        api_read_seconds=0.5,
    )


def test_an_empty_setting_keeps_its_default() -> None:
    names = ("HIP_COACH_TABLE", "HIP_COACH_SKILL_ID", "HIP_COACH_ALLOW_LOOPBACK_API", "HIP_COACH_API_READ_SECONDS")
    assert Settings.from_environment(dict.fromkeys(names, "")) == Settings()


@pytest.mark.parametrize("text", ["soon", "1,3", "1.3s"])
def test_a_number_that_is_none_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="HIP_COACH_API_READ_SECONDS must be a number"):
        Settings.from_environment({"HIP_COACH_API_READ_SECONDS": text})

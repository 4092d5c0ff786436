"""The factory that stands in the place of the SDK's: the same clients, each loaded when it is asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

import ask_sdk_model.services
import pytest

from skill.alexa.service_clients import FACTORY, ServiceClientFactory

ROOT = Path(__file__).parents[2]


def the_sdks_own() -> ModuleType:
    spec = PathFinder.find_spec(FACTORY, ask_sdk_model.services.__path__)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_makes_every_client_that_the_sdks_own_makes() -> None:
    configuration = ask_sdk_model.services.ApiConfiguration()
    theirs = the_sdks_own().ServiceClientFactory(configuration)
    ours = ServiceClientFactory(configuration)
    getters = [name for name in vars(type(theirs)) if name.startswith("get_")]
    assert {"get_timer_management_service", "get_ups_service", "get_directive_service"} <= set(getters)
    for name in getters:
        assert type(getattr(ours, name)()) is type(getattr(theirs, name)()), name
    assert ours.api_configuration is configuration


@pytest.mark.parametrize("name", ["get_weather_service", "get__service", "api_client"])
def test_what_the_sdk_has_not_got_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match=f"the SDK has no {name}"):
        getattr(ServiceClientFactory(None), name)


def test_the_skill_starts_without_the_services_and_without_what_only_some_turns_need() -> None:
    program = "import json, sys, skill.app; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(json.loads(done.stdout))
    assert {"skill.app", FACTORY} <= loaded
    for late in (
        "ask_sdk_model.services.reminder_management",
        "ask_sdk_model.services.timer_management",
        "skill.coaching.understanding.classifier",
        "fractions",
        "zoneinfo",
    ):
        assert late not in loaded

"""How long a cold start takes: from starting the process to the first answer, through Amazon's runtime client.

Compared are the bundle, a hello-world skill on the same libraries with the same bytecode, and what people usually
upload: sources alone, all of boto3, and a table of DynamoDB read through an adapter of the SDK.
"""

from __future__ import annotations

import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deployment.bundle import build
from deployment.bytecode import compile_files
from deployment.distributions import direct_needs, library, pins, with_their_needs
from deployment.lambda_runtime import LambdaRuntime, copy_client

HELLO_WORLD: Final = """
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import is_request_type

builder = CustomSkillBuilder()


@builder.request_handler(can_handle_func=is_request_type("LaunchRequest"))
def launch(handler_input):
    return handler_input.response_builder.speak("Hello").ask("Hello").response


lambda_handler = builder.lambda_handler()
"""

# As ask-sdk-dynamodb-persistence-adapter does it: boto3's resource, and one consistent read of a person's attributes.
USUAL_WAY: Final = """
import os

import boto3
from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import is_request_type


class Adapter(AbstractPersistenceAdapter):
    def __init__(self):
        self.table = boto3.resource("dynamodb").Table(os.environ["HIP_COACH_TABLE"])

    def get_attributes(self, request_envelope):
        person = request_envelope.context.system.user.user_id
        return self.table.get_item(Key={"person": person, "entry": "profile"}, ConsistentRead=True).get("Item", {})

    def save_attributes(self, request_envelope, attributes):
        raise NotImplementedError

    def delete_attributes(self, request_envelope):
        raise NotImplementedError


builder = CustomSkillBuilder(persistence_adapter=Adapter())


@builder.request_handler(can_handle_func=is_request_type("LaunchRequest"))
def launch(handler_input):
    met = handler_input.attributes_manager.persistent_attributes
    return handler_input.response_builder.speak("Welcome back" if met else "Hello").ask("Hello").response


lambda_handler = builder.lambda_handler()
"""


@dataclass(frozen=True)
class ColdStarts:
    """Seconds from the start of a process to its first answer, several times each.

    Attributes:
        hello_world: a hello-world skill of ask-sdk-core.
        without_log: Hip Coach with no database set.
        with_log: Hip Coach, reading its log.
        usual_way: a skill of ask-sdk-core that reads a table, without bytecode.
    """

    hello_world: tuple[float, ...]
    without_log: tuple[float, ...]
    with_log: tuple[float, ...]
    usual_way: tuple[float, ...]


def measure(launch: object, settings: Mapping[str, str], rounds: int = 9) -> ColdStarts:
    """Measure, each way in turn, so that what else the machine does meets them all.

    Args:
        launch: the envelope of a launch.
        settings: Hip Coach's environment variables that name a table and where it is.
        rounds: how often each way is started; one more is not counted, for the caches of the machine.

    Raises:
        BundleError: when no bundle can be made.
        FunctionFailed: when one gives no answer.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_client(folder / "client")
        ours = _bundle(folder)
        hello = _hello_world(folder, ours)
        usual = _usual_way(folder)
        ways = {
            "hello_world": (hello, {}),
            "without_log": (ours, {}),
            "with_log": (ours, settings),
            "usual_way": (usual, settings),
        }
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for counted in range(-1, rounds):
            for way, (function, environment) in ways.items():
                seconds = _start(function, folder / "client", environment, launch)
                if counted >= 0:
                    taken[way].append(seconds)
    return ColdStarts(**{way: tuple(seconds) for way, seconds in taken.items()})


def _start(function: Path, client: Path, environment: Mapping[str, str], launch: object) -> float:
    started = time.perf_counter()
    with LambdaRuntime(function, client, environment) as runtime:
        response: Any = runtime.invoke(launch)
        seconds = time.perf_counter() - started
    if "outputSpeech" not in response["response"]:
        raise RuntimeError(f"{function.name} said nothing, so what was measured is no answer")
    return seconds


def _bundle(folder: Path) -> Path:
    """The bundle for this Python, unpacked."""
    made = build(folder / "lambda.zip", f"{sys.version_info[0]}.{sys.version_info[1]}", Path(sys.executable))
    with zipfile.ZipFile(made.path) as archive:
        archive.extractall(folder / "bundle")
    return folder / "bundle"


def _hello_world(folder: Path, bundle: Path) -> Path:
    """The hello-world skill with the bundle's libraries, and so with the same bytecode."""
    function = folder / "hello-world"
    function.mkdir()
    for part in bundle.iterdir():
        if part.name not in ("skill", "__pycache__", "lambda_function.py", "six.py"):
            (function / part.name).symlink_to(part)
    (function / "six.py").write_bytes((bundle / "six.py").read_bytes())
    (function / "lambda_function.py").write_text(HELLO_WORLD, encoding="utf-8")
    compile_files(function, ["lambda_function.py", "six.py"], Path(sys.executable))
    return function


def _usual_way(folder: Path) -> Path:
    """The skill as it is usually uploaded: every file of its libraries, and no bytecode."""
    function = folder / "usual-way"
    pinned = pins()
    for name in with_their_needs(direct_needs(), f"{sys.version_info[0]}.{sys.version_info[1]}", ["requests"]):
        for place, data in library(name, pinned.get(name)).files.items():
            path = function / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (function / "lambda_function.py").write_text(USUAL_WAY, encoding="utf-8")
    return function

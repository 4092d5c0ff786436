"""`make package`: the folder that Alexa's own tool, `ask deploy`, uploads; the same from the same sources.

In it are the manifest (what the store shows, what the skill asks for), the icons and the interaction models, and beside
them the privacy policy and the terms of use with the operator's name, for the operator to host.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from deployment.account import DeployError, plain_words, sign_in
from deployment.skill_facts import events, interfaces, scopes
from deployment.stack import SKILL_ID, describe

ROOT: Final = Path(__file__).parents[1]
SOURCES: Final = ROOT / "infrastructure" / "skill-package"
MODELS: Final = ROOT / "interaction_models"
PAGES: Final = {
    "privacy-policy.md": ROOT / "docs" / "privacy-policy.md",
    "terms-of-use.md": ROOT / "docs" / "terms-of-use.md",
}
TARGET: Final = ROOT / "dist" / "alexa"

PACKAGE: Final = "skill-package"
MANIFEST: Final = f"{PACKAGE}/skill.json"
MODEL: Final = f"{PACKAGE}/interactionModels/custom/{{locale}}.json"
RESOURCES: Final = "ask-resources.json"
STATES: Final = ".ask/ask-states.json"
"""Where `ask deploy` keeps which skill it made. Without it, a second deployment would make a second skill."""

_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)


class PackageError(Exception):
    """No package can be made. The text is one line: what is wrong, and what to do about it."""


@dataclass(frozen=True)
class Publisher:
    """Who publishes the skill, and where Alexa calls (infrastructure/skill-package/publisher.toml)."""

    operator: str
    contact: str
    privacy_policy_url: str
    terms_of_use_url: str
    endpoint: str
    """The ARN of a Lambda function or alias, or an https address."""
    certificate: str
    """Trusted or Wildcard for an https address, SelfSigned to try things on; empty for Lambda."""

    @classmethod
    def read(cls, path: Path = SOURCES / "publisher.toml") -> Publisher:
        """Read it from a file.

        Raises:
            PackageError: when the file is not there, or not as it should be.
        """
        data = _toml(path)
        names = {field.name for field in fields(cls)}
        for name in sorted(names ^ set(data)):
            what = "is missing" if name in names else f"is not known; known are {', '.join(sorted(names))}"
            raise PackageError(f"{path}: {name} {what}")
        for name, value in data.items():
            if not isinstance(value, str):
                raise PackageError(f"{path}: {name} must be a text in quotes")
        return cls(**data)


def build(publisher: Publisher, skill_id: str | None = None) -> dict[str, bytes]:
    """The files of the package, by place in its folder.

    Args:
        publisher: what only the operator knows.
        skill_id: the skill that is there already; None for one that `ask deploy` knows of, or will make.

    Raises:
        PackageError: when a source is not there, or not as it should be.
    """
    texts = _toml(SOURCES / "manifest.toml")
    try:
        manifest = _manifest(texts, publisher)
    except (KeyError, TypeError, AttributeError) as problem:
        raise PackageError(f"{SOURCES / 'manifest.toml'}: {problem} is missing, or of the wrong kind") from None
    except (ValueError, IndexError):
        raise PackageError(f"{SOURCES / 'manifest.toml'}: a stray brace in the description") from None
    files = {
        RESOURCES: _json(
            {
                "askcliResourcesVersion": "2020-03-31",
                "profiles": {"default": {"skillMetadata": {"src": f"./{PACKAGE}"}}},
            }
        ),
        MANIFEST: _json(manifest),
    }
    for locale in texts["locales"]:
        files[MODEL.format(locale=locale)] = _bytes(MODELS / f"{locale}.json")
    for icon in ("small_icon.png", "large_icon.png"):
        files[f"{PACKAGE}/assets/images/{icon}"] = _bytes(SOURCES / "images" / icon)
    for name, path in PAGES.items():
        page = _COMMENT.sub("", _bytes(path).decode())
        files[f"pages/{name}"] = (
            page.replace("[operator]", publisher.operator).replace("[contact]", publisher.contact).encode()
        )
    if skill_id is not None:
        if not SKILL_ID.fullmatch(skill_id):
            raise PackageError(f"{skill_id!r} is no skill id: amzn1.ask.skill. and 36 letters, digits and hyphens")
        files[STATES] = _json({"askcliStatesVersion": "2020-03-31", "profiles": {"default": {"skillId": skill_id}}})
    return files


def _manifest(texts: Mapping[str, Any], publisher: Publisher) -> dict[str, Any]:
    """The manifest as skill.json has it (skill manifest schema)."""
    endpoint = {"uri": publisher.endpoint}
    if publisher.certificate:
        endpoint["sslCertificateType"] = publisher.certificate
    privacy = texts["privacy"]
    shown = {
        "name": texts["name"],
        "summary": texts["summary"],
        "description": texts["description"].strip().format(disclaimer=texts["disclaimer"]),
        "examplePhrases": texts["example_phrases"],
        "keywords": texts["keywords"],
        "smallIconUri": "file://assets/images/small_icon.png",
        "largeIconUri": "file://assets/images/large_icon.png",
    }
    links = {"privacyPolicyUrl": publisher.privacy_policy_url, "termsOfUseUrl": publisher.terms_of_use_url}
    return {
        "manifest": {
            "manifestVersion": "1.0",
            "publishingInformation": {
                "category": texts["category"],
                "distributionMode": "PUBLIC",
                "isAvailableWorldwide": False,
                "distributionCountries": texts["countries"],
                "automaticDistribution": {"isActive": False},
                "testingInstructions": texts["testing_instructions"].strip(),
                "locales": dict.fromkeys(texts["locales"], shown),
            },
            "privacyAndCompliance": {
                "usesPersonalInfo": privacy["uses_personal_info"],
                "usesHealthInfo": privacy["uses_health_info"],
                "allowsPurchases": privacy["allows_purchases"],
                "containsAds": privacy["contains_ads"],
                "isChildDirected": privacy["is_child_directed"],
                "isExportCompliant": privacy["is_export_compliant"],
                "locales": dict.fromkeys(texts["locales"], links),
            },
            "permissions": [{"name": scope} for scope in scopes()],
            "apis": {"custom": {"endpoint": endpoint, "interfaces": [{"type": name} for name in interfaces()]}},
            "events": {"endpoint": endpoint, "subscriptions": [{"eventName": name} for name in events()]},
        }
    }


def write(target: Path, files: Mapping[str, bytes]) -> None:
    """Put the package into its folder, in place of an earlier one. What `ask deploy` noted there is kept.

    Raises:
        PackageError: when it can't be written.
    """
    try:
        for folder in (target / PACKAGE, target / "pages"):
            shutil.rmtree(folder, ignore_errors=True)
        for place, content in files.items():
            path = target / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise PackageError(f"{target} can't be written ({error.strerror}): name another folder with --output") from None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_bytes(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise PackageError(f"{path}: not TOML: {problem}") from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackageError(f"{path} can't be read ({error.strerror})") from None


def _json(data: Any) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the package and say where it is. Returns the exit code: 0, or 2 when it couldn't be made."""
    options = _parser().parse_args(arguments)
    try:
        publisher = Publisher.read(options.publisher)
        if options.stack:
            publisher = replace(publisher, endpoint=_endpoint(options), certificate="")
        write(options.output, build(publisher, options.skill_id))
    except (PackageError, DeployError) as error:
        problem = str(error)
    except (BotoCoreError, ClientError) as error:
        problem = plain_words(error)
    else:
        print(options.output)
        print(f"  endpoint  {publisher.endpoint}")
        print("  next      make certify, then in that folder: ask deploy")
        return 0
    print(f"hip-coach: {problem}", file=sys.stderr)
    return 2


def _endpoint(options: argparse.Namespace) -> str:
    """Where the deployed stack says that Alexa is to call."""
    account = sign_in(options.region, options.profile)
    stack = describe(account.client("cloudformation"), options.stack)
    for output in (stack or {}).get("Outputs", []):
        if output["OutputKey"] == "SkillEndpoint":
            return str(output["OutputValue"])
    raise DeployError(f"there is no stack {options.stack} with a SkillEndpoint in {account.region}: run `make deploy`")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make package", description="Make the skill package for ask deploy.")
    parser.add_argument("--output", type=Path, default=TARGET, help="the folder to write; dist/alexa by default")
    parser.add_argument("--publisher", type=Path, default=SOURCES / "publisher.toml", help="who publishes the skill")
    parser.add_argument("--skill-id", help="the skill that is there already (else ask deploy makes one, once)")
    parser.add_argument("--stack", help="take the endpoint from this stack, as `make deploy` made it")
    parser.add_argument("--region", help="the AWS region of the stack (default: the profile's)")
    parser.add_argument("--profile", help="a profile of your AWS configuration")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""What is wrong with a manifest, a page or a picture is found."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from deployment import package
from deployment.certification import SkillPackage
from deployment.certification.promises import ANSWERS
from deployment.package import MANIFEST, build
from tests.deployment.certification.packages import (
    ASK,
    OPEN,
    STATIC,
    US,
    Manifest,
    findings,
    good,
    phrases,
    put,
    shown,
    with_manifest,
)
from tests.deployment.test_package import PUBLISHER

MANIFEST_ONLY = [check for check in STATIC if not check.id.startswith("model.") and check.id != "shape.models"]


def links(manifest: Manifest) -> dict[str, Any]:
    addresses: dict[str, Any] = manifest["privacyAndCompliance"]["locales"]["en-AU"]
    return addresses


def rewrite(key: str, old: str, new: str) -> Callable[[Manifest], object]:
    def bend(manifest: Manifest) -> None:
        before = shown(manifest)[key]
        assert old in before
        shown(manifest)[key] = before.replace(old, new)

    return bend


def store(manifest: Manifest) -> dict[str, Any]:
    part: dict[str, Any] = manifest["publishingInformation"]
    return part


def privacy(manifest: Manifest) -> dict[str, Any]:
    part: dict[str, Any] = manifest["privacyAndCompliance"]
    return part


def endpoint(manifest: Manifest) -> dict[str, Any]:
    part: dict[str, Any] = manifest["apis"]["custom"]["endpoint"]
    return part


FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:hip-coach-skill:live"
BENT_MANIFESTS: list[tuple[str, Callable[[Manifest], object], str]] = [
    ("shape.manifest", put(lambda m: m, "manifestVersoin", "1.0"), "manifestVersoin is not known"),
    ("shape.manifest", put(privacy, "containsAds", "no"), "containsAds must be bool"),
    ("shape.manifest", put(shown, "keywords", "hips"), "keywords must be a list"),
    ("shape.manifest", put(store, "distributionCountries", ["UK"]), "'UK', which is no DistributionCountries"),
    ("shape.manifest", lambda m: m["permissions"].append({"name": "alexa::all"}), "is no PermissionName"),
    ("shape.manifest", lambda m: m["apis"]["custom"]["interfaces"].append({"type": "TELEPATHY"}), "is none of"),
    ("store.locales", lambda m: store(m)["locales"].pop("en-CA"), "publishingInformation lacks en-CA"),
    ("store.locales", lambda m: privacy(m)["locales"].pop("en-CA"), "privacyAndCompliance lacks en-CA"),
    ("store.locales", lambda m: store(m)["locales"].update({"de-DE": shown(m)}), "has de-DE"),
    ("store.category", put(store, "category", "GAMES"), "HEALTH_AND_FITNESS"),
    ("store.name", put(shown, "name", "H"), "1 letters"),
    ("store.name", put(shown, "name", "Hip Cure Coach"), "a claim"),
    ("store.name", put(shown, "name", "Ankylosing Spondylitis Coach"), "a condition"),
    ("store.summary", put(shown, "summary", "x" * 161), "161 letters"),
    ("store.description", put(shown, "description", "x" * 4001), "4001 letters"),
    ("store.description", rewrite("description", "delete my data", "forget me"), "'delete my data'"),
    ("store.disclaimer", rewrite("description", "professional medical advice", "medical advice"), "word for word"),
    ("store.emergency", rewrite("description", "local emergency", "emergency"), "word for word"),
    ("store.claims", rewrite("summary", "sore hips", "a cure for sore hips"), "'cure'"),
    ("store.claims", rewrite("description", "gentle stretches", "treatment"), "'treatment'"),
    ("store.claims", lambda m: shown(m)["keywords"].append("diagnosis"), "'diagnosis'"),
    ("store.marks", rewrite("summary", "help", "Alexa skill"), "'Alexa skill'"),
    ("store.marks", lambda m: shown(m)["keywords"].append("amazon"), "'amazon'"),
    ("store.keywords", put(shown, "keywords", [f"hip {number}" for number in range(31)]), "31 keywords"),
    ("store.keywords", put(shown, "keywords", ["hips, ice"]), "no keyword"),
    ("store.phrases", phrases(), "0 example phrases"),
    ("store.phrases", phrases(OPEN, OPEN), "twice"),
    ("store.phrases", phrases(OPEN, f"{ASK} to time heat", f"{ASK} for help", f"{ASK} to stop"), "4 example phrases"),
    ("store.phrases", phrases(f"{ASK} why do my hips hurt", OPEN), "first example phrase must open"),
    ("store.phrases", phrases("open hip coach"), 'must be "Alexa, open hip coach"'),
    ("store.phrases", phrases("Alexa open hip coach"), 'must be "Alexa, open hip coach"'),
    ("store.phrases", phrases("Alexa, open hips coach"), 'must be "Alexa, open hip coach"'),
    ("store.phrases", phrases(f"{OPEN} and start"), "say no more"),
    ("store.phrases", phrases(OPEN, f"{ASK} to levitate my hips"), "no sample utterance"),
    ("store.phrases", phrases(OPEN, f"{ASK} whatever hurts my poor hips"), "no sample utterance"),
    ("store.phrases", rewrite("description", OPEN, "Alexa, launch the coach"), 'must be "Alexa, open hip coach"'),
    ("store.icons", put(shown, "smallIconUri", "https://hip-coach.net/icon.png"), "assets/images"),
    ("store.icons", put(shown, "smallIconUri", "file://assets/images/other.png"), "assets/images"),
    ("store.icons", put(shown, "smallIconUri", "file://assets/images/large_icon.png"), "108 by 108"),
    *(("privacy.answers", put(privacy, name, not value), f"{name} must be") for name, value in ANSWERS.items()),
    ("privacy.links", put(links, "privacyPolicyUrl", "https://example.org/privacy"), "placeholder"),
    ("privacy.links", put(links, "termsOfUseUrl", "http://hip-coach.net/terms"), "no https address"),
    ("privacy.links", put(links, "termsOfUseUrl", "https://["), "no address"),
    ("privacy.links", put(links, "termsOfUseUrl", ""), "no https address"),
    ("privacy.links", put(links, "privacyPolicyUrl", "https://alexa-hips.net/privacy"), "Amazon's names"),
    ("skill.permissions", put(lambda m: m, "permissions", []), "skill/alexa/timers.py uses the permission"),
    (
        "skill.permissions",
        lambda m: m["permissions"].append({"name": "alexa::profile:email:read"}),
        "no code uses it",
    ),
    ("skill.interfaces", lambda m: m["apis"]["custom"]["interfaces"].append({"type": "VIDEO_APP"}), "no code uses it"),
    ("skill.events", put(lambda m: m["events"], "subscriptions", []), "lacks SKILL_DISABLED"),
    (
        "skill.events",
        lambda m: m["events"]["subscriptions"].append({"eventName": "SKILL_ENABLED"}),
        "answers no such request",
    ),
    ("skill.events", put(lambda m: m["events"], "endpoint", {"uri": "https://hip-coach.net"}), "same endpoint"),
    ("skill.endpoint", put(endpoint, "uri", FUNCTION.replace("123456789012", "0" * 12)), "placeholder"),
    ("skill.endpoint", put(endpoint, "uri", FUNCTION.replace("eu-west-1", "sa-east-1")), "no functions in sa-east-1"),
    ("skill.endpoint", put(endpoint, "sslCertificateType", "Trusted"), "has no sslCertificateType"),
    ("skill.endpoint", put(endpoint, "uri", "https://hip-coach.net:8443/"), "no https address"),
    ("skill.endpoint", put(endpoint, "uri", "https://hip-coach.net/"), "needs Trusted or Wildcard"),
    ("skill.countries", put(store, "isAvailableWorldwide", True), "must be false"),
    ("skill.countries", put(store, "distributionCountries", []), "is empty"),
    ("skill.countries", put(store, "distributionCountries", ["US", "NZ"]), "emergency numbers of NZ"),
    ("skill.distribution", put(store, "distributionMode", "PRIVATE"), "must be PUBLIC"),
    ("skill.distribution", put(store, "automaticDistribution", {"isActive": True}), "must be off"),
    ("skill.distribution", put(store, "testingInstructions", "Open hip coach."), "'account'"),
]


@pytest.mark.parametrize(("name", "bend", "told"), BENT_MANIFESTS)
def test_a_bent_manifest_is_found(name: str, bend: Callable[[Manifest], object], told: str) -> None:
    found = findings(name, with_manifest(bend))
    assert any(told in finding for finding in found), found


def places(data: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to everything in the manifest; of the locales, which are alike, only one."""
    items: list[tuple[str | int, object]] = []
    if isinstance(data, dict):
        items = [(key, value) for key, value in data.items() if "-" not in key or key == "en-GB"]
    elif isinstance(data, list):
        items = list(enumerate(data[:1]))
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


OPTIONAL = {"examplePhrases", "keywords", "distributionCountries"}
"""Lists from which one entry may well be missing."""


def spoil(path: tuple[str | int, ...], change: Callable[[Any, str | int], object]) -> dict[str, bytes]:
    def bend(manifest: Manifest) -> None:
        holder: Any = manifest
        for key in path[:-1]:
            holder = holder[key]
        change(holder, path[-1])

    return with_manifest(bend)


def test_nothing_can_go_missing_from_the_manifest_and_nothing_can_be_of_another_kind() -> None:
    def remove(holder: Any, key: str | int) -> None:
        del holder[key]

    def make_a_number(holder: Any, key: str | int) -> None:
        holder[key] = 7

    def make_nothing(holder: Any, key: str | int) -> None:
        holder[key] = None

    unnoticed = [
        (path, change.__name__)
        for path in places(json.loads(good()[MANIFEST])["manifest"])
        for change in (remove, make_a_number, make_nothing)
        if not (change is remove and len(path) > 1 and path[-2] in OPTIONAL)
        and not any(list(check.findings(SkillPackage(spoil(path, change)))) for check in MANIFEST_ONLY)
    ]
    assert unnoticed == []


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b"null", b'{"manifest": 3}', b"\xff\xfe"])
def test_a_manifest_or_model_that_is_none_is_found_and_nothing_breaks(junk: bytes) -> None:
    for place, name in ((MANIFEST, "shape.complete"), (US, "shape.models"), ("ask-resources.json", "shape.resources")):
        files = {**good(), place: junk}
        assert findings(name, files)
        for check in MANIFEST_ONLY:
            list(check.findings(SkillPackage(files)))


def test_an_empty_package_is_found_by_every_kind_of_check() -> None:
    for name in (
        "shape.resources",
        "shape.manifest",
        "shape.complete",
        "shape.models",
        "store.locales",
        "model.current",
    ):
        assert findings(name, {}), name


@pytest.mark.parametrize("page", ["pages/privacy-policy.md", "pages/terms-of-use.md"])
@pytest.mark.parametrize("left", ["[operator]", "[contact]", "NAME OF THE OPERATOR", "privacy@example.org", None])
def test_a_page_that_is_missing_or_not_filled_in_is_found(page: str, left: str | None) -> None:
    files = {place: content for place, content in good().items() if left or place != page}
    if left:
        files[page] += left.encode()
    assert any(page in finding for finding in findings("privacy.pages", files))


def test_a_package_with_the_publisher_as_it_comes_is_to_be_mended() -> None:
    files = build(package.Publisher.read(package.SOURCES / "publisher.toml"))
    for name in ("privacy.links", "privacy.pages", "skill.endpoint"):
        assert all("publisher.toml" in finding for finding in findings(name, files))
        assert findings(name, files)


def test_a_server_of_ones_own_is_as_good_as_lambda() -> None:
    files = build(replace(PUBLISHER, endpoint="https://hip-coach.net/", certificate="Wildcard"))
    assert findings("skill.endpoint", files) == findings("skill.events", files) == []
    files = build(replace(PUBLISHER, endpoint="https://hip-coach.net/", certificate="SelfSigned"))
    assert findings("skill.endpoint", files)


def test_pictures_that_are_none_or_of_another_kind_are_found() -> None:
    place = "skill-package/assets/images/small_icon.png"
    other = io.BytesIO()
    Image.new("RGB", (108, 108)).save(other, "JPEG")
    for content in (b"", good()[place][:2000], other.getvalue()):
        assert any("108 by 108" in finding for finding in findings("store.icons", {**good(), place: content}))

"""The checks for certification: a good package passes, and each way of spoiling it is found."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from deployment import certify, package
from deployment.certification import CHECKS, GROUPS, SkillPackage, talks
from deployment.certification.promises import ANSWERS
from deployment.certification.strict_schema import MODEL as MODEL_SCHEMA
from deployment.certification.strict_schema import faults
from deployment.certification.talks import Said
from deployment.package import MANIFEST, build, write
from simulator import Turn
from tests.deployment.test_package import PUBLISHER

STATIC = [check for check in CHECKS if not check.id.startswith("talk.")]
MANIFEST_ONLY = [check for check in STATIC if not check.id.startswith("model.") and check.id != "shape.models"]
BY_ID = {check.id: check for check in CHECKS}
US = "skill-package/interactionModels/custom/en-US.json"

Manifest = dict[str, Any]


@cache
def good() -> Mapping[str, bytes]:
    return build(PUBLISHER)


def findings(name: str, files: Mapping[str, bytes]) -> list[str]:
    return list(BY_ID[name].findings(SkillPackage(files)))


def with_manifest(bend: Callable[[Manifest], object]) -> dict[str, bytes]:
    data = json.loads(good()[MANIFEST])
    bend(data["manifest"])
    return {**good(), MANIFEST: json.dumps(data).encode()}


def with_model(bend: Callable[[dict[str, Any]], object]) -> dict[str, bytes]:
    data = json.loads(good()[US])
    bend(data["interactionModel"]["languageModel"])
    return {**good(), US: json.dumps(data).encode()}


def shown(manifest: Manifest) -> dict[str, Any]:
    texts: dict[str, Any] = manifest["publishingInformation"]["locales"]["en-IN"]
    return texts


def links(manifest: Manifest) -> dict[str, Any]:
    addresses: dict[str, Any] = manifest["privacyAndCompliance"]["locales"]["en-AU"]
    return addresses


def put(part: Callable[[Manifest], dict[str, Any]], key: str, value: object) -> Callable[[Manifest], object]:
    return lambda manifest: part(manifest).update({key: value})


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


def phrases(*words: str) -> Callable[[Manifest], object]:
    return put(shown, "examplePhrases", list(words))


OPEN = "Alexa, open hip coach"
ASK = "Alexa, ask hip coach"
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


def test_a_good_package_has_nothing_to_mend() -> None:
    for check in STATIC:
        assert list(check.findings(SkillPackage(good()))) == [], check.id


def test_every_check_has_a_name_a_sentence_and_a_source() -> None:
    assert len(BY_ID) == len(CHECKS)
    for check in CHECKS:
        assert check.id.partition(".")[0] in GROUPS
        assert check.wants
        assert check.source


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


def first(model: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(intent for intent in model["intents"] if intent["name"] == name)
    return found


BENT_MODELS: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("model.current", lambda m: first(m, "TimeLeftIntent")["samples"].pop(), "run `make package`"),
    ("model.invocation", lambda m: m.update(invocationName="hip couch"), "hip coach, hip couch"),
    ("store.phrases", lambda m: m.update(invocationName="hip couch"), "Alexa, open hip couch"),
    ("model.intents", lambda m: m["intents"].remove(first(m, "AMAZON.HelpIntent")), "AMAZON.HelpIntent is missing"),
    ("model.handlers", lambda m: m["intents"].append({"name": "SomersaultIntent", "samples": ["roll"]}), "Somersault"),
    ("model.handlers", lambda m: m["intents"].remove(first(m, "TimeLeftIntent")), "TimeLeftIntent has a handler"),
    ("model.samples", lambda m: first(m, "TimeLeftIntent")["samples"].append("start {modality}"), "StartTherapyIntent"),
    ("model.rules", lambda m: m.update(invocationName="alexa hips"), "'alexa' may not stand"),
    ("model.rules", lambda m: first(m, "TimeLeftIntent").update(samples=[]), "TimeLeftIntent has no samples"),
    ("model.rules", lambda m: first(m, "TimeLeftIntent")["samples"].append("in 5 minutes"), "in 5 minutes"),
    ("model.rules", lambda m: first(m, "FreeQuestionIntent")["samples"].append("{what_phrase}"), "{what_phrase}"),
    ("model.rules", lambda m: m.pop("modelConfiguration"), "modelConfiguration"),
    ("shape.models", lambda m: m.update(invocatoinName="hip coach"), "invocatoinName is not known"),
    ("shape.models", lambda m: first(m, "TimeLeftIntent").update(samples="how long"), "samples must be a list"),
]


@pytest.mark.parametrize(("name", "bend", "told"), BENT_MODELS)
def test_a_bent_model_is_found(name: str, bend: Callable[[dict[str, Any]], object], told: str) -> None:
    files = with_model(bend)
    if name == "model.rules":  # It takes its time, and looks at each locale by itself.
        files = {place: content for place, content in files.items() if place == US}
    found = findings(name, files)
    assert any(told in finding for finding in found), found[:3]


def test_the_schema_is_held_more_strictly_than_by_amazons_library() -> None:
    prompt = {"id": "Elicit.1", "variations": [{"type": "Morse", "value": "..."}]}
    model = {"interactionModel": {"languageModel": {"invocationName": "hip coach"}, "prompts": [prompt]}}
    assert list(faults(model, MODEL_SCHEMA)) == [
        "$.interactionModel.prompts[0].variations[0].type is 'Morse', which is no PromptItemsType"
    ]


# ---- What is said


@pytest.mark.parametrize("name", [check.id for check in CHECKS if check.id.startswith("talk.")])
def test_the_skill_talks_as_certification_wants(name: str) -> None:
    assert findings(name, good()) == []


def bent_talks(words: str, **changes: Any) -> list[Said]:
    """The talks, with one turn changed: the first of those words."""
    found = list(talks.talks())
    place = next(number for number, one in enumerate(found) if one.words == words)
    found[place] = replace(found[place], turn=replace(found[place].turn, **changes))
    return found


def turn_of(words: str) -> Turn:
    return next(one.turn for one in talks.talks() if one.words == words)


def response(words: str, **changes: Any) -> dict[str, Any]:
    whole = copy.deepcopy(turn_of(words).response)
    whole["response"].update(changes)
    return whole


@pytest.mark.parametrize(
    ("look", "words", "changes", "told"),
    [
        (talks.sound, "help", {"errors": ("the session stays open without a reprompt",)}, "without a reprompt"),
        (talks.listening, "help", {"speech": "I can time heat and cold."}, "nothing was asked"),
        (talks.listening, "stop", {"speech": "Shall I stop?"}, "doesn't listen"),
        (talks.welcome, "open hip coach", {"outcome": "fallback"}, "fallback"),
        (talks.welcome, "open hip coach", {"listening": False}, "not listening"),
        (talks.help_, "help", {"listening": False}, "must be help"),
        (talks.stop, "cancel", {"response": {"response": {}}}, "goes on"),
        (talks.errors, "flibber the wotsit", {"listening": False, "outcome": "fallback"}, "doesn't listen"),
        (talks.errors, "help", {"speech": ""}, "nothing is said"),
        (talks.errors, "yes", {"outcome": "unavailable"}, "didn't work"),
        (talks.emergency, "my chest hurts", {"outcome": "answer"}, "answer"),
        (talks.emergency, "my chest hurts", {"speech": "Rest a little."}, "Rest a little"),
        (talks.claims, "tell me more", {"speech": "Heat will cure your hips."}, "Heat will cure"),
    ],
)
def test_a_talk_gone_wrong_is_found(look: talks.Look, words: str, changes: dict[str, Any], told: str) -> None:
    assert any(told in finding for finding in look(bent_talks(words, **changes)))


def test_help_that_only_greets_again_is_found() -> None:
    said = bent_talks("help", speech=turn_of("open hip coach").speech)
    assert any("other words" in finding for finding in talks.help_(said))


def test_a_stop_after_which_the_session_goes_on_is_found() -> None:
    said = bent_talks("stop", response=response("stop", shouldEndSession=False))
    assert any("goes on" in finding for finding in talks.stop(said))


def test_a_directive_of_an_interface_that_is_not_declared_is_found() -> None:
    play = response("help", directives=[{"type": "AudioPlayer.Play"}])
    said = bent_talks("help", response=play)
    assert any("AUDIO_PLAYER" in finding for finding in talks.undeclared(said, set()))
    assert list(talks.undeclared(said, {"AUDIO_PLAYER"})) == []


def test_an_example_phrase_that_comes_to_nothing_is_found() -> None:
    files = with_manifest(phrases(OPEN, f"{ASK} flibber the wotsit"))
    assert any("flibber" in finding for finding in findings("talk.phrases", files))


# ---- The command


def test_it_lists_every_check_and_says_what_to_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, build(replace(PUBLISHER, operator="NAME OF THE OPERATOR")))
    assert certify.main(["--package", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    for check in CHECKS:
        assert any(check.id in line.split() for line in lines), check.id
    at = next(number for number, line in enumerate(lines) if "privacy.pages" in line)
    assert lines[at].startswith("TO MEND")
    assert "NAME OF THE OPERATOR" in lines[at + 1]


def test_without_a_package_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert certify.main(["--package", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err == (
        f"hip-coach: there is no skill package in {tmp_path / 'nowhere'}: run `make package` first\n"
    )

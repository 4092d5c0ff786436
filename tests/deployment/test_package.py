"""The skill package: what is in it, where that comes from, and that it is the same each time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from deployment import icons, package
from deployment.package import MANIFEST, MODELS, SOURCES, STATES, PackageError, Publisher, build, write
from deployment.skill_facts import events, interface_of, interfaces, scopes
from simulator.local_dynamodb import REGION
from skill.alexa.timers import TIMERS_SCOPE
from tests.deployment.local_aws import LocalAWS
from tests.deployment.management_api import SKILL

PUBLISHER = Publisher(
    operator="Jo Example",
    contact="jo@hip-coach.net",
    privacy_policy_url="https://hip-coach.net/privacy",
    terms_of_use_url="https://hip-coach.net/terms",
    endpoint="arn:aws:lambda:eu-west-1:123456789012:function:hip-coach-skill:live",
    certificate="",
)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_holds_what_ask_deploy_wants_and_the_pages_to_host() -> None:
    locales = ["en-AU", "en-CA", "en-GB", "en-IN", "en-US"]
    assert sorted(build(PUBLISHER)) == sorted(
        [
            "ask-resources.json",
            "pages/privacy-policy.md",
            "pages/terms-of-use.md",
            "skill-package/skill.json",
            "skill-package/assets/images/small_icon.png",
            "skill-package/assets/images/large_icon.png",
            *(f"skill-package/interactionModels/custom/{locale}.json" for locale in locales),
        ]
    )


def test_the_models_are_the_committed_ones() -> None:
    files = build(PUBLISHER)
    for path in MODELS.glob("en-*.json"):
        assert files[f"skill-package/interactionModels/custom/{path.name}"] == path.read_bytes()


def test_the_manifest_asks_for_what_the_code_uses() -> None:
    manifest = json.loads(build(PUBLISHER)[MANIFEST])["manifest"]
    assert {"name": TIMERS_SCOPE} in manifest["permissions"]
    assert [entry["name"] for entry in manifest["permissions"]] == list(scopes())
    assert [entry["type"] for entry in manifest["apis"]["custom"]["interfaces"]] == list(interfaces())
    assert {"eventName": "SKILL_DISABLED"} in manifest["events"]["subscriptions"]
    assert len(manifest["events"]["subscriptions"]) == len(events())


def test_directives_are_told_apart_by_the_interface_that_they_need() -> None:
    assert interface_of("AudioPlayer.Play") == "AUDIO_PLAYER"
    assert interface_of("Alexa.Presentation.APL.RenderDocument") == "ALEXA_PRESENTATION_APL"
    # Audio documents, voice permissions and what is sent to the skill need no declaration.
    for other in ("Alexa.Presentation.APLA.RenderDocument", "Connections.SendRequest", "AudioPlayer.PlaybackStarted"):
        assert interface_of(other) is None


def test_permissions_and_interfaces_are_read_from_the_code_also_where_it_is_deep(tmp_path: Path) -> None:
    code = tmp_path / "skill"
    (code / "alexa").mkdir(parents=True)
    (code / "alexa" / "reminders.py").write_text('SCOPE = "alexa::alerts:reminders:skill:readwrite"\n')
    (code / "alexa" / "audio.py").write_text(
        "def play():\n    from ask_sdk_model.interfaces.audioplayer import PlayDirective\n    return PlayDirective()\n"
    )
    (code / "screen.py").write_text('DIRECTIVE = {"type": "Alexa.Presentation.APL.RenderDocument"}\n')
    # What is only read of a request, or only named, sends nothing.
    (code / "envelope.py").write_text('NAMES = ("AudioPlayer", "AudioPlayer.PlaybackStarted", "about alexa::x")\n')
    assert scopes(code) == {"alexa::alerts:reminders:skill:readwrite": "skill/alexa/reminders.py"}
    assert interfaces(code) == {"ALEXA_PRESENTATION_APL": "skill/screen.py", "AUDIO_PLAYER": "skill/alexa/audio.py"}


def test_requests_and_events_go_to_the_endpoint() -> None:
    own_server = replace(PUBLISHER, endpoint="https://hip-coach.net/alexa", certificate="Trusted")
    for publisher, expected in (
        (PUBLISHER, {"uri": PUBLISHER.endpoint}),
        (own_server, {"uri": "https://hip-coach.net/alexa", "sslCertificateType": "Trusted"}),
    ):
        manifest = json.loads(build(publisher)[MANIFEST])["manifest"]
        assert manifest["apis"]["custom"]["endpoint"] == expected
        assert manifest["events"]["endpoint"] == expected


def test_the_pages_name_the_operator_and_keep_no_placeholder_or_note() -> None:
    files = build(PUBLISHER)
    for name in ("privacy-policy.md", "terms-of-use.md"):
        page = files[f"pages/{name}"].decode()
        assert page.startswith("# ")
        assert "Jo Example" in page
        assert "jo@hip-coach.net" in page
        assert not any(left in page for left in ("[operator]", "[contact]", "<!--"))


def test_the_same_sources_make_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert package.main(["--output", str(tmp_path / folder)]) == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_new_package_takes_the_place_of_the_old_one_and_the_skill_is_still_known(tmp_path: Path) -> None:
    write(tmp_path, build(PUBLISHER, SKILL))
    stray = tmp_path / "skill-package" / "interactionModels" / "custom" / "de-DE.json"
    stray.write_text("{}")
    write(tmp_path, build(PUBLISHER))
    assert not stray.exists()
    assert json.loads((tmp_path / STATES).read_text())["profiles"]["default"]["skillId"] == SKILL


def test_the_icons_are_what_the_script_draws() -> None:
    for name, size in icons.ICONS.items():
        with Image.open(SOURCES / "images" / name) as committed:
            committed.load()
        drawn = icons.draw(size)
        assert (committed.mode, committed.size) == (drawn.mode, drawn.size) == ("RGBA", (size, size))
        # Another version of the library may smooth an edge a little otherwise.
        difference = ImageChops.difference(committed, drawn)
        assert max(difference.tobytes()) <= 48


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("operator = ", "not TOML"),
        ('operator = "Jo"', "certificate is missing"),
        ("operator = 1", "certificate is missing"),
        ('colour = "red"', "certificate is missing"),
    ],
)
def test_a_wrong_publisher_file_is_told_in_one_line(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "publisher.toml"
    file.write_text(text)
    assert package.main(["--publisher", str(file), "--output", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_value_that_is_no_text_and_a_name_that_is_not_known_are_told(tmp_path: Path) -> None:
    whole = (SOURCES / "publisher.toml").read_text()
    file = tmp_path / "publisher.toml"
    file.write_text(whole.replace('certificate = ""', "certificate = 3"))
    with pytest.raises(PackageError, match="certificate must be a text"):
        Publisher.read(file)
    file.write_text(whole + '\ncolour = "red"\n')
    with pytest.raises(PackageError, match="colour is not known"):
        Publisher.read(file)


def test_what_is_missing_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert package.main(["--publisher", str(tmp_path / "nowhere.toml")]) == 2
    assert package.main(["--skill-id", "mine", "--output", str(tmp_path / "out")]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
    assert "nowhere.toml can't be read" in errors[0]
    assert "'mine' is no skill id" in errors[1]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert package.main(["--output", str(tmp_path / "file" / "out")]) == 2
    assert "can't be written" in capsys.readouterr().err


def test_the_endpoint_is_looked_up_in_the_stack_that_was_deployed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    template = {
        "Resources": {"Table": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "any"}}},
        "Outputs": {"SkillEndpoint": {"Value": PUBLISHER.endpoint}},
    }
    arguments = ["--output", str(tmp_path), "--region", REGION, "--stack"]
    with LocalAWS() as aws:
        cloudformation = aws.account().client("cloudformation")
        cloudformation.create_stack(StackName="hip-coach", TemplateBody=json.dumps(template))
        for name, value in {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL": aws.endpoint,
        }.items():
            monkeypatch.setenv(name, value)
        assert package.main([*arguments, "another"]) == 2
        assert package.main([*arguments, "hip-coach"]) == 0
    assert "there is no stack another with a SkillEndpoint" in capsys.readouterr().err
    manifest = json.loads((tmp_path / MANIFEST).read_text())["manifest"]
    assert manifest["apis"]["custom"]["endpoint"] == {"uri": PUBLISHER.endpoint}

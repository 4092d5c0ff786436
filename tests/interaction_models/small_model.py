"""A small model without a fault, for tests to break."""

from pathlib import Path

GOOD = """\
invocation_name = "hip coach"
fallback_sensitivity = "MEDIUM"

[rules]
start = "(start|begin)"

[types.Modality]
heat = ["heat", "hot pack"]
cold = ["cold", "ice pack"]

[intents.StartIntent]
slots = { modality = "Modality", duration = "AMAZON.DURATION" }
samples = [
    "<start> [the] {modality}",
    "{modality} for {duration}",
]

[intents.AskIntent]
slots = { question = "AMAZON.SearchQuery" }
samples = ["tell me {question}"]

[intents."AMAZON.CancelIntent"]
[intents."AMAZON.FallbackIntent"]
[intents."AMAZON.HelpIntent"]
[intents."AMAZON.NavigateHomeIntent"]
[intents."AMAZON.PauseIntent"]
[intents."AMAZON.ResumeIntent"]
[intents."AMAZON.StopIntent"]

[locales.en-US]

[locales.en-GB]
"""


def write(folder: Path, text: str) -> Path:
    """A source file with this text."""
    file = folder / "en.toml"
    file.write_text(text, encoding="utf-8")
    return file


def broken(folder: Path, old: str, new: str) -> tuple[Path, int]:
    """The good model with one thing changed, and the line that changed."""
    assert GOOD.count(old) == 1, f"{old!r} must stand once in the good model"
    return write(folder, GOOD.replace(old, new)), GOOD[: GOOD.index(old)].count("\n") + 1

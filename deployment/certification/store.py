"""What the skill store shows: names, texts, phrases to try, pictures."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Final

from PIL import Image, UnidentifiedImageError

from deployment.certification.check import Findings, SkillPackage, check, entries, section, text
from deployment.package import MODELS, PACKAGE
from simulator.echo import language_model

LOCALES: Final = frozenset(path.stem for path in MODELS.glob("en-*.json"))

DISCLAIMER: Final = (
    "This tool does not provide medical advice, and is for informational and educational purposes only, and is not a "
    "substitute for professional medical advice, treatment or diagnosis. Call your doctor to receive medical advice."
)
EMERGENCY: Final = (
    "If you think you may have a medical emergency, please dial your local emergency response phone number."
)
"""Both in Amazon's own words, as its reviewers give them in a rejection."""

CLAIMS: Final = re.compile(
    r"\b(cure[sd]?|curing|heal(s|ed|ing)?|treat(s|ed|ing|ments?)?|diagnos\w+|prescri\w+|guarantee\w*|miracle|proven|"
    r"life[- ]?saving|saves? lives|pain[- ]free|relieves?|prevents?)\b",
    re.IGNORECASE,
)
"""Words that claim more than a skill may, outside the disclaimer."""

MARKS: Final = re.compile(r"\b(amazon|echo (dot|show|device)s?|alexa[- ](skill|app)s?|hip coach app)\b", re.IGNORECASE)
"""Amazon's names where they are not a phrase to say; and a skill is no app."""

_PHRASE: Final = re.compile(r"Alexa, (?:(?:open|launch|start) (?P<opened>.+)|ask (?P<asked>.+))")
_QUOTED: Final = re.compile(r"[\"“](Alexa\b[^\"”]*)[\"”]")
_POLICY: Final = "Policy Requirements for an Alexa Skill"
_FAILURES: Final = "Troubleshooting Common Certification Failures"


@check("store.locales", "The same locales everywhere, all that there is a model for", "Skill Manifest Schema")
def locales(package: SkillPackage) -> Findings:
    """Store texts, privacy answers and models go together."""
    for what, found in (
        ("publishingInformation", set(package.shown)),
        ("privacyAndCompliance", set(section(package.privacy, "locales"))),
        ("interactionModels", set(package.models)),
    ):
        for locale in sorted(LOCALES ^ found):
            fault = f"lacks {locale}" if locale in LOCALES else f"has {locale}, for which there is no model"
            yield f"{what} {fault}: mend `locales` in manifest.toml"


@check("store.category", "The category is Health & Fitness", "Skill Manifest Schema")
def category(package: SkillPackage) -> Findings:
    """One that hides what the skill is about is refused."""
    if package.publishing.get("category") != "HEALTH_AND_FITNESS":
        yield "category must be HEALTH_AND_FITNESS"


@check("store.name", "The name is 2 to 50 letters long, claims nothing and names no condition or mark", _POLICY)
def name(package: SkillPackage) -> Findings:
    """A condition in the name invites a review of its own, and is hard for Alexa to recognise."""
    for locale, shown in package.shown.items():
        title = text(shown, "name")
        if not 2 <= len(title) <= 50:
            yield f"{locale}: the name has {len(title)} letters; 2 to 50 are allowed"
        if re.search(r"\b(alexa|amazon|echo|skill|app|spondyl\w*|arthritis)\b", title, re.IGNORECASE) or CLAIMS.search(
            title
        ):
            yield f"{locale}: the name {title!r} holds a mark, a condition or a claim: leave that out"


@check("store.summary", "The summary is one sentence of at most 160 letters", "Skill Manifest Schema")
def summary(package: SkillPackage) -> Findings:
    """Longer ones are cut off."""
    for locale, shown in package.shown.items():
        if len(text(shown, "summary")) > 160:
            yield f"{locale}: the summary has {len(text(shown, 'summary'))} letters; shorten it to 160"


@check("store.description", "The description has at most 4000 letters and names what the skill does", _FAILURES)
def description(package: SkillPackage) -> Findings:
    """Reviewers turn down descriptions that leave out what a person needs."""
    for locale, shown in package.shown.items():
        words = text(shown, "description")
        if len(words) > 4000:
            yield f"{locale}: the description has {len(words)} letters; shorten it to 4000"
        for topic in ("heat", "cold", "stretch", "delete my data", "timers"):
            if topic not in words.lower():
                yield f"{locale}: the description doesn't mention {topic!r}"


@check("store.disclaimer", "Every description has Amazon's health disclaimer, word for word", f"{_POLICY}, Health")
def disclaimer(package: SkillPackage) -> Findings:
    """Without it a health-related skill is refused."""
    for locale, shown in package.shown.items():
        if DISCLAIMER not in text(shown, "description"):
            yield f"{locale}: the description lacks the sentence {DISCLAIMER[:45]!r}...: put it back word for word"


@check("store.emergency", "Every description says what to do in an emergency", f"{_POLICY}, Health")
def emergency(package: SkillPackage) -> Findings:
    """The second half of the disclaimer."""
    for locale, shown in package.shown.items():
        if EMERGENCY not in text(shown, "description"):
            yield f"{locale}: the description lacks the sentence {EMERGENCY[:45]!r}...: put it back word for word"


@check("store.claims", "No text claims to treat, cure, diagnose or prevent", f"{_POLICY}, Health")
def claims(package: SkillPackage) -> Findings:
    """The disclaimer itself may use the words."""
    for locale, shown in package.shown.items():
        for part, words in _texts(shown):
            for found in CLAIMS.finditer(words.replace(DISCLAIMER, "")):
                yield f"{locale}: {part} says {found[0]!r}, which is a medical claim: say it otherwise"


@check("store.marks", "No text uses Amazon's names but in a phrase to say, or calls the skill an app", _POLICY)
def marks(package: SkillPackage) -> Findings:
    """Amazon's marks are its own."""
    for locale, shown in package.shown.items():
        for part, words in _texts(shown):
            for found in MARKS.finditer(words):
                yield f"{locale}: {part} says {found[0]!r}: leave Amazon's names out, and call it a skill"


def _texts(shown: dict[str, object]) -> list[tuple[str, str]]:
    keywords = " ".join(word for word in entries(shown, "keywords") if isinstance(word, str))
    return [(part, text(shown, part)) for part in ("name", "summary", "description")] + [("keywords", keywords)]


@check("store.keywords", "At most 30 keywords, each a few words", "Skill Manifest Schema")
def keywords(package: SkillPackage) -> Findings:
    """More are dropped."""
    for locale, shown in package.shown.items():
        words = entries(shown, "keywords")
        if not 1 <= len(words) <= 30:
            yield f"{locale}: there are {len(words)} keywords; 1 to 30 are allowed"
        for word in words:
            if not isinstance(word, str) or not 1 <= len(word) <= 40 or "," in word:
                yield f"{locale}: {word!r} is no keyword: a few words, without a comma"


@check("store.phrases", "One to three example phrases; the first opens the skill, all work as they stand", _FAILURES)
def phrases(package: SkillPackage) -> Findings:
    """The most common failure of all: wake word, launch word, invocation name, and words that are a sample."""
    for locale, shown in package.shown.items():
        examples = entries(shown, "examplePhrases")
        if not 1 <= len(examples) <= 3:
            yield f"{locale}: there are {len(examples)} example phrases; one to three are shown"
        for number, phrase in enumerate(examples):
            yield from _phrase_faults(package, locale, phrase, must_open=number == 0)
        if len(set(map(str, examples))) < len(examples):
            yield f"{locale}: an example phrase stands there twice"
        for phrase in _QUOTED.findall(text(shown, "description")):
            yield from _phrase_faults(package, locale, phrase.rstrip(".,"), must_open=False)


def _phrase_faults(package: SkillPackage, locale: str, phrase: object, *, must_open: bool) -> Findings:
    invocation = text(package.models.get(locale, {}), "invocationName")
    matched = _PHRASE.fullmatch(phrase) if isinstance(phrase, str) else None
    if not invocation or not matched or invocation not in str(phrase):
        yield f'{locale}: {phrase!r} must be "Alexa, open {invocation}" or "Alexa, ask {invocation} to ..."'
        return
    if matched["opened"] is not None:
        if matched["opened"] != invocation:
            yield f"{locale}: {phrase!r} must open {invocation!r} and say no more"
        return
    if must_open:
        yield f"{locale}: the first example phrase must open the skill"
    words = matched["asked"].removeprefix(invocation).strip()
    if not (_is_sample(locale, words) or (words.startswith("to ") and _is_sample(locale, words.removeprefix("to ")))):
        yield f"{locale}: {words!r} is no sample utterance of the interaction model: choose one that is"


@cache
def _is_sample(locale: str, words: str) -> bool:
    """Whether the committed model has these very words, with values in its slots, and not only in a catch-all."""
    if locale not in LOCALES:
        return False
    understood = language_model(locale).understand(words)
    # Less than one is a sample with a word that no slot value is.
    return understood.reason == "exact" and understood.score == 1 and not understood.intent.startswith("Free")


@check("store.icons", "Icons are PNG pictures of 108 and of 512 pixels", "Skill Manifest Schema")
def icons(package: SkillPackage) -> Findings:
    """The files that the manifest names are in the package, and are what they should be."""
    for locale, shown in package.shown.items():
        for key, size in (("smallIconUri", 108), ("largeIconUri", 512)):
            address = text(shown, key)
            content = package.files.get(f"{PACKAGE}/{address.removeprefix('file://')}")
            if not address.startswith("file://assets/images/") or content is None:
                yield f"{locale}: {key} must name a picture in assets/images of the package, not {address!r}"
            elif (found := _picture(content)) != ("PNG", (size, size)):
                yield f"{locale}: {key} must be a PNG of {size} by {size} pixels, not {found}: run `make icons`"


def _picture(content: bytes) -> tuple[str | None, tuple[int, int]] | str:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            return picture.format, picture.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return "something that can't be read"

"""What Alexa demands of an interaction model, as data."""

import re

BUILT_IN_INTENTS = {
    "AMAZON.CancelIntent": ("cancel", "never mind", "forget it"),
    "AMAZON.FallbackIntent": (),
    "AMAZON.HelpIntent": ("help", "help me", "can you help me"),
    "AMAZON.NavigateHomeIntent": ("home", "go home"),
    "AMAZON.NextIntent": ("next", "skip", "skip forward"),
    "AMAZON.NoIntent": ("no", "no thanks"),
    "AMAZON.PauseIntent": ("pause", "pause that"),
    "AMAZON.PreviousIntent": ("go back", "skip back", "back up"),
    "AMAZON.RepeatIntent": ("repeat", "say that again", "repeat that"),
    "AMAZON.ResumeIntent": ("resume", "continue", "keep going"),
    "AMAZON.StartOverIntent": ("start over", "restart", "start again"),
    "AMAZON.StopIntent": ("stop", "off", "shut up"),
    "AMAZON.YesIntent": ("yes", "yes please", "sure"),
}
"""Alexa's own intents, with the words that each of them hears already."""

REQUIRED_INTENTS = (
    "AMAZON.CancelIntent",
    "AMAZON.FallbackIntent",
    "AMAZON.HelpIntent",
    "AMAZON.NavigateHomeIntent",
    "AMAZON.PauseIntent",
    "AMAZON.ResumeIntent",
    "AMAZON.StopIntent",
)
"""Certification wants these; pause and resume because the skill plays audio."""

PHRASE_TYPES = frozenset({"AMAZON.SearchQuery"})
"""Slots that take any words at all, and so need words around them."""

BUILT_IN_TYPES = PHRASE_TYPES | {
    "AMAZON.DATE",
    "AMAZON.DURATION",
    "AMAZON.FOUR_DIGIT_NUMBER",
    "AMAZON.NUMBER",
    "AMAZON.Ordinal",
    "AMAZON.TIME",
}

SENSITIVITIES = frozenset({"LOW", "MEDIUM", "HIGH"})

MOST_INTENTS = 250
MOST_NAMES = 50_000
MOST_BYTES = 1_500_000
LONGEST_SAMPLE = 200
LONGEST_NAME = 140

NAME = re.compile(r"[A-Za-z][A-Za-z_]*")
"""Of an intent, a slot or a type."""

SLOT = re.compile(r"\{([^{}]*)\}")

SPOKEN = re.compile(r"[a-z]+(?:[ '.-]+[a-z]+)*[.']?")
"""Words as Alexa hears them: small letters, apostrophes, hyphens, and periods in abbreviations."""

LAUNCH_WORDS = frozenset(
    {"ask", "begin", "enable", "launch", "load", "open", "play", "resume", "run", "start", "tell", "use"}
)
WAKE_WORDS = frozenset({"alexa", "amazon", "echo", "computer", "ziggy"})
EMPTY_WORDS = frozenset({"skill", "app"})
SMALL_WORDS = frozenset({"a", "an", "the", "for", "to", "of", "about", "up", "by", "at", "off", "with"})
"""A name of two words may hold none of these."""

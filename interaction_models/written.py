"""Where each thing of a model was written, so that a fault can name the line to mend."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .expand import Expander
from .source import Place, Source

Found = Iterator[tuple[Place, str]]
"""What the rules give: the line to mend, and what to do about it."""


@dataclass(frozen=True)
class Written:
    """The way back from a model to its source."""

    source: Source
    sentences: Mapping[tuple[str, str], Place]
    """(intent, sentence) to the line that made it."""

    @classmethod
    def of(cls, source: Source, expander: Expander) -> "Written":
        """Read the way back from the source."""
        sentences: dict[tuple[str, str], Place] = {}
        for intent in source.intents:
            for template in (*intent.templates, *source.local_templates(intent.name)):
                for sentence in expander.expand(template):
                    sentences.setdefault((intent.name, sentence), template.place)
        return cls(source, sentences)

    def sentence(self, intent: str, sentence: str) -> Place:
        """The line that made a sentence of an intent."""
        return self.sentences.get((intent, sentence)) or self.intent(intent)

    def intent(self, name: str) -> Place:
        """The heading of an intent."""
        return next((intent.place for intent in self.source.intents if intent.name == name), self.key("intents"))

    def slots(self, intent: str) -> Place:
        """The line with the slots of an intent."""
        place = self.intent(intent)
        heading = f'[intents."{intent}"]' if "." in intent else f"[intents.{intent}]"
        return self.source.place("slots", heading) if place.file == self.source.file else place

    def type(self, name: str) -> Place:
        """The heading of a slot type."""
        return self.source.place("", f"[types.{name}]")

    def name(self, type_name: str, key: str, name: str) -> Place:
        """The line of one name of a value."""
        return self.source.place_of_name(type_name, key, name)

    def key(self, key: str) -> Place:
        """The line of a setting at the top of the file."""
        return self.source.place(key, "")

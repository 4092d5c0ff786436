"""From one template to the sentences it stands for, in the template language of hassil."""

from collections.abc import Iterator, Mapping
from itertools import islice

from hassil import Sentence, parse_sentence, sample_expression
from hassil.errors import HassilError, MissingRuleError
from hassil.parser import ParseError

from .source import Source, SourceError, Template

MOST = 120
"""Sentences one template may stand for. More would drown the others, and nobody could read them through."""


class Expander:
    """Expands templates with the rules of one source."""

    def __init__(self, source: Source) -> None:
        self._rules: dict[str, Sentence] = {}
        for name, text in source.rules.items():
            self._rules[name] = _parse(Template(text, source.place(name, "[rules]")))

    def expand(self, template: Template) -> tuple[str, ...]:
        """Every sentence of a template, once each, in the order written."""
        sentences = tuple(dict.fromkeys(islice(_sentences(template, self._rules), MOST + 1)))
        if len(sentences) > MOST:
            raise SourceError(
                template.place.file, template.place.line, f"stands for more than {MOST} sentences; split it in two"
            )
        return sentences


def _parse(template: Template) -> Sentence:
    try:
        return parse_sentence(template.text)
    except (ParseError, AssertionError, IndexError, ValueError) as error:
        raise SourceError(
            template.place.file,
            template.place.line,
            f"cannot read {template.text!r}; look for a bracket that is not closed ({error})",
        ) from error


def _sentences(template: Template, rules: Mapping[str, Sentence]) -> Iterator[str]:
    place = template.place
    try:
        for sentence in sample_expression(_parse(template).expression, expansion_rules=dict(rules), expand_lists=False):
            if words := " ".join(sentence.split()):
                yield words
    except MissingRuleError as error:
        raise SourceError(place.file, place.line, f"{error}; write it under [rules], or mend its name") from error
    except RecursionError as error:
        raise SourceError(place.file, place.line, "uses a rule that uses itself; take it out of [rules]") from error
    except HassilError as error:
        raise SourceError(place.file, place.line, str(error)) from error

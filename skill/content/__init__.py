"""What Hip Coach says and knows: data files in a folder for each language, read when first needed.

People write TOML; the skill reads the JSON that `make models` makes of it, because that is ten times as fast. Sentences
are plain text with `{placeholders}`; speech markup is added, and everything escaped, in `skill.alexa.speech`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
LANGUAGE = "en"


@cache
def page(name: str) -> Mapping[str, Any]:
    """One page of content as data, for instance `page("cautions")`; `make models` makes it from the TOML beside it."""
    content: Mapping[str, Any] = json.loads((_FOLDER / LANGUAGE / "compiled" / f"{name}.json").read_bytes())
    return content


def words(key: str, **values: object) -> str:
    """A sentence by its place, with its values filled in: `"therapy.ask.modality"` is in `[ask]` of `therapy.toml`.

    Raises:
        KeyError: when there is no such sentence, or when it wants a value that was not given.
    """
    page_name, _, entry = key.partition(".")
    sentence: Any = page(page_name)
    for part in entry.split("."):
        sentence = sentence[part]
    return str(sentence).format(**values)

"""What a page of documentation asks and says: its fenced blocks, read in order.

The word after the language says what a block is; readers see it nowhere, and it is one convention for all pages:

- ` ```graphql teacher `: a document, asked as this demo person (`anonymous`: nobody; `federal-system`: that system);
  without a name it is only held against the contract.
- ` ```json variables `: the variables of the document above; `"…"` is a new UUID.
- ` ```json answer ` or ` ```json answer deputy-head `: parts of what the document above
  answers, to its person or to another.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w+)[ ]?([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ELLIPSIS = "…"


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the words after it, and the line that it begins in."""

    language: str
    words: tuple[str, ...]
    text: str
    line: int


@dataclass
class Shown:
    """Parts of an answer, to whom, and where they stand."""

    viewer: str
    parts: list[Any]
    line: int


@dataclass
class Question:
    """A document with everything that the page says about it; viewer None: it is not asked."""

    document: str
    viewer: str | None
    line: int
    variables: dict[str, Any] | None = None
    shown: list[Shown] = field(default_factory=list)


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        yield Block(found[1], tuple(found[2].split()), found[3], text.count("\n", 0, found.start()) + 1)


def questions(page: Path) -> list[Question]:
    """The documents of a page, each with its variables and answers. Raises ValueError for a block that nobody reads."""
    asked: list[Question] = []
    for block in blocks(page):
        match block.language, *block.words:
            case ["graphql"]:
                asked.append(Question(block.text, None, block.line))
            case ["graphql", viewer]:
                asked.append(Question(block.text, viewer, block.line))
            case ["json", "variables"]:
                asked[-1].variables = json.loads(block.text)
            case ["json", "answer", *others]:
                asked[-1].shown.append(Shown((others or [asked[-1].viewer or ""])[0], values(block.text), block.line))
            case ["graphql" | "json", *_]:
                raise ValueError(f"{page.name}:{block.line}: what is this block of {block.language} {block.words}?")
    return asked


def values(text: str) -> list[Any]:
    """The JSON values that stand one after the other in a block."""
    found, decoder, rest = [], json.JSONDecoder(), text.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].strip()
    return found

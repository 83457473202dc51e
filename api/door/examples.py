"""Example documents for common jobs: examples/*.graphql, in the order of their file names.

The first line is a comment with the title, the second one with what to notice; the rest is the document. Files that
end in .demo.graphql speak of rows of the demo region and mean nothing elsewhere.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("examples")
DEMO = ".demo.graphql"


@dataclass(frozen=True)
class Example:
    """A document with its title and advice, both Russian; `demo` when it needs the demo region."""

    title: str
    about: str
    document: str
    demo: bool


def load_examples(*, demo: bool) -> list[Example]:
    """Read the examples; those about the demo region only with `demo`."""
    found = [_read(path) for path in sorted(FOLDER.glob("*.graphql"))]
    return [example for example in found if demo or not example.demo]


def _read(path: Path) -> Example:
    title, about, document = path.read_text(encoding="utf-8").split("\n", 2)
    return Example(title.removeprefix("# "), about.removeprefix("# "), document.strip(), path.name.endswith(DEMO))

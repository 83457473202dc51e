"""Example documents for the common jobs of a role: examples/<role>/*.graphql, in the order of their file names.

The first line is a comment with the title, the second one with what to notice. Then may follow comments
`$name: path` and a query that finds values for these variables, up to the line `# ---`; the rest is the document.
A path leads into the answer of that query (`journals.nodes.0.id`); its step `?a/b` is the first item of a list whose
a.b is there and true, for one item at least where a is a list; `new` is a fresh UUID, `today` the day as YYYY-MM-DD. No
row is named by its id and no day by its date, so that an example fits every region, person and day.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from domain.roles import Role

FOLDER = Path(__file__).with_name("examples")
END_OF_FINDING = "\n# ---\n"
VARIABLE = re.compile(r"# \$(\w+): (.+)")


@dataclass(frozen=True)
class Example:
    """A document with its title and advice, both Russian; `finding` gives the values of its `variables`."""

    role: Role
    title: str
    about: str
    document: str
    finding: str = ""
    variables: dict[str, str] = field(default_factory=dict)


def load_examples() -> list[Example]:
    """All examples: roles in the order of the roles, examples in the order of their files."""
    return [_read(role, path) for role in Role for path in sorted((FOLDER / role.lower()).glob("*.graphql"))]


def _read(role: Role, path: Path) -> Example:
    title, about, rest = path.read_text(encoding="utf-8").split("\n", 2)
    before, mark, after = rest.partition(END_OF_FINDING)
    finding = VARIABLE.sub("", before).strip() if mark else ""
    return Example(
        role=role,
        title=title.removeprefix("# "),
        about=about.removeprefix("# "),
        document=(after if mark else rest).strip() + "\n",
        finding=finding,
        variables=dict(VARIABLE.findall(before)) if mark else {},
    )

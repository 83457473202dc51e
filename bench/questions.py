"""The questions, who asks them, and the one form in which all answers are compared."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bench.place import SOURCES

Answer = Any
Variables = Mapping[str, Any]
ASKED = ("small", "diary", "journal", "rating")
DOCUMENTS = SOURCES / "documents"


@dataclass(frozen=True)
class GlobalId:
    """An id as the database has it, and the type that Vhod puts before it."""

    kind: str
    key: str


@dataclass(frozen=True)
class Asker:
    """A person who asks, and for what."""

    subject: str
    variables: Variables


@dataclass(frozen=True)
class Question:
    """One question, asked by several people in turn, so that no contestant lives from one row."""

    name: str
    askers: tuple[Asker, ...]

    def body(self, dialect: str, asker: Asker) -> Mapping[str, Any]:
        """What is sent to a contestant of this dialect."""
        text = document(dialect, self.name)
        if dialect == "fixed":
            wanted_most = max(int(number) for number in re.findall(r"\$(\d)", text))
            given = list(asker.variables.values())[:wanted_most]
            return {"question": self.name, "parameters": [_plain(value) for value in given]}
        if self.name == "rating" and dialect == "vhod":
            text = _by_section(text, asker.variables["sections"])
        wanted = {name: value for name, value in asker.variables.items() if f"${name}" in text}
        typed = dialect == "vhod"
        return {"query": text, "variables": {n: _typed(v) if typed else _plain(v) for n, v in wanted.items()}}

    def cells(self, dialect: str, data: Answer) -> Answer:
        """What an answer says, without what only its form says: ids without types, levels that others do not have."""
        reshape = RESHAPED.get((dialect, self.name))
        return _without_types(reshape(data) if reshape else data)


@cache
def document(dialect: str, name: str) -> str:
    """The document of a question, or the fixed statement."""
    return (DOCUMENTS / dialect / f"{name}.{'sql' if dialect == 'fixed' else 'graphql'}").read_text()


def _plain(value: Any) -> Any:
    return value.key if isinstance(value, GlobalId) else value


def _typed(value: Any) -> Any:
    return f"{value.kind}:{value.key}" if isinstance(value, GlobalId) else value


def _by_section(text: str, sections: list[str]) -> str:
    """A page holds 100 entries: one page a section."""
    pages = [f's{n}: entries(section: "{code}", first: 100) {{ ...Entries }}' for n, code in enumerate(sections)]
    return re.sub(r"#.*", "\n    ".join(pages), text, count=1)


def _me_of_roots(data: Answer) -> Answer:
    return {"me": data}


def _flat_rating(data: Answer) -> Answer:
    return {"rating": {"entries": [entry for page in data["rating"].values() for entry in page["nodes"]]}}


RESHAPED: dict[tuple[str, str], Callable[[Answer], Answer]] = {
    ("postgraphile", "small"): _me_of_roots,
    ("vhod", "rating"): _flat_rating,
}


def _without_types(value: Answer) -> Answer:
    if isinstance(value, list):
        return [_without_types(item) for item in value]
    if isinstance(value, dict):
        return {k: v.rpartition(":")[2] if k == "id" else _without_types(v) for k, v in value.items()}
    return value

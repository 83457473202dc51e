"""What the pages name is there: files, links, commands with their options, variables, names of the contract, codes."""

import argparse
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

from api.__main__ import _parser
from api.graphiql.examples import load_examples
from schema import build_schema
from tests.documents.steps import CHECKOUT

GENERATED = {"access-matrix.md", "errors.md"}
FOLDERS = "api|auth|bench|deploy|docs|domain|findings|migrations|schema|tests|[.]ci"
PAGES = [
    *sorted(CHECKOUT.glob("*.md")),
    *(page for page in sorted((CHECKOUT / "docs").rglob("*.md")) if page.name not in GENERATED),
    *sorted((CHECKOUT / "findings").glob("*.md")),
    CHECKOUT / "bench/README.md",
]
README_LINES = 150
FILE = re.compile(rf"(?<![\w/.:@-])((?:{FOLDERS})/[\w./-]*[\w/])")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
MAKE = re.compile(r"(?:`|=\S+ )make ([a-z]+)")
MAKE_LINE = re.compile(r"^(?:\w+=\S+ )?make ([a-z]+)", re.MULTILINE)
VERB = re.compile(r"python -m api ([a-z-]+)([^\n`|#)]*)")
MODULE = re.compile(r"python -m ((?:tests|bench)[\w.]*)")
OPTION = re.compile(r"(?<!\S)(--[a-z-]+)")
VARIABLE = re.compile(r"\bVHOD_[A-Z_]+[A-Z]\b")
CAMEL = re.compile(r"`([a-z]+[A-Z]\w*)`")
PASCAL = re.compile(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`")
CALL = re.compile(r"`(?:\w+ \{ )?([a-z]\w+)\((\w+): ?")
COORDINATE = re.compile(r"`([A-Z][A-Za-z]+)\.([a-z]\w+)[` {]")
CODE = re.compile(r"`([A-Z]+(?:_[A-Z]+)+)`")

page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))


@cache
def verbs() -> dict[str, set[str]]:
    """The verbs of the command line with their options."""
    [found] = [one for one in _parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return {name: set(parser._option_string_actions) for name, parser in found.choices.items()}


@cache
def contract() -> dict[str, set[str]]:
    """Names of the contract: the types, and what each of them holds, arguments among it."""
    held: dict[str, set[str]] = {}
    for name, kind in build_schema().graphql.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            held[name] = {*kind.fields, *(argument for field in kind.fields.values() for argument in field.args)}
        elif isinstance(kind, GraphQLInputObjectType):
            held[name] = set(kind.fields)
        elif isinstance(kind, GraphQLEnumType):
            held[name] = set(kind.values)
    return held


@cache
def sources(*patterns: str) -> str:
    """The text of what we wrote."""
    return "\n".join(
        path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(CHECKOUT.glob(pattern))
    )


def missing(found: set[str], known: set[str]) -> set[str]:
    """What is named and not there."""
    return {name for name in found if name not in known}


def test_readme_is_short() -> None:
    """What it is, two commands, five minutes, where to go on: nothing else."""
    assert len((CHECKOUT / "README.md").read_text(encoding="utf-8").splitlines()) <= README_LINES


@page
def test_files_and_links_exist(page: Path) -> None:
    """Each path from the root, each link from the page."""
    text = page.read_text(encoding="utf-8")
    files = {name for name in FILE.findall(text) if not (CHECKOUT / name).exists()}
    links = {name for name in LINK.findall(text) if not (page.parent / name).exists()}

    assert (files, links) == (set(), set())


@page
def test_commands_exist(page: Path) -> None:
    """Targets of make, verbs of ours with every option, modules."""
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    options = {
        f"{verb} {option}"
        for verb, rest in VERB.findall(text)
        for option in OPTION.findall(rest)
        if option not in verbs().get(verb, set())
    }
    made = {*MAKE.findall(text), *MAKE_LINE.findall("\n".join(FENCED.findall(text)))}

    assert missing(made, targets) == set()
    assert missing({verb for verb, _ in VERB.findall(text)}, set(verbs())) == set()
    assert options == set()
    assert {name for name in MODULE.findall(text) if find_spec(name) is None} == set()


@page
def test_variables_exist(page: Path) -> None:
    """Each variable of the environment is read by somebody."""
    known = set(VARIABLE.findall(sources("api/**/*.py", "tests/**/*.py", "bench/*.py", "deploy/*", "compose.yaml")))

    assert missing(set(VARIABLE.findall(page.read_text(encoding="utf-8"))), known) == set()


@page
def test_names_of_the_contract_exist(page: Path) -> None:
    """Fields, arguments, values and codes that the text speaks of; coordinates with their type."""
    text = page.read_text(encoding="utf-8")
    names = {name for held in contract().values() for name in held} | set(contract())
    told = sources("docs/errors.md", "domain/**/*.py", "schema/**/*.py", "api/settings.py")
    codes = {code for code in CODE.findall(text) if not code.startswith(("VHOD_", "OTEL_")) and code not in names}

    classes = set(
        re.findall(
            r"^(?:class )?([A-Z]\w+)",
            sources(*(f"{room}/**/*.py" for room in ("api", "auth", "domain", "schema"))),
            re.MULTILINE,
        )
    )

    assert missing({*CAMEL.findall(text), *(name for call in CALL.findall(text) for name in call)}, names) == set()
    assert missing(set(PASCAL.findall(text)), names | classes) == set()
    assert {
        f"{kind}.{name}" for kind, name in COORDINATE.findall(text) if name not in contract().get(kind, set())
    } == set()
    assert {code for code in codes if not re.search(rf"\b{code}\b", told)} == set()


def test_as_many_examples_as_the_tour_says() -> None:
    """The number is counted, not remembered."""
    assert f"- {len(load_examples())} examples by role." in sources("docs/tour.md")


def test_each_decision_says_what_was_rejected_and_is_listed() -> None:
    """Context, decision, rejected alternatives; the list leads to every page."""
    folder = CHECKOUT / "docs/decisions"
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md") if path.name != "README.md"}
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    parts = ("**Context.**", "**Decision.**", "**Rejected.**\n- *")

    assert len(texts) > 20
    assert listed == set(texts)
    assert {name for name, text in texts.items() if not all(part in text for part in parts)} == set()

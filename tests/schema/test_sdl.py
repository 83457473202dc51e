"""The committed SDL is fresh, breaks no client, and explains every word of itself."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    build_schema,
    find_breaking_changes,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_object_type,
    is_specified_scalar_type,
    parse,
    print_ast,
)

from domain import records
from schema.engine.mutations.user_errors import USER_ERRORS
from schema.nouns import NOUNS
from schema.sdl import COMMITTED, sdl

CHECKOUT = Path(__file__).parents[2]
RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)

_NEVER_PROMISED = "It bore the other name only while the release that brings it was being built."
_TWO_WORDS = "Nothing is released: a mark kept because it was refused is no proposal, which the policy makes."
ACCEPTED: dict[str, str] = {
    "MarkProposal was removed.": _TWO_WORDS,
    "ProposalPayload was removed.": _TWO_WORDS,
    "SettleProposalInput was removed.": _TWO_WORDS,
    "Enum value EventKind.MARK_PROPOSAL was removed.": _TWO_WORDS,
    "Field Journal.proposals was removed.": _TWO_WORDS,
    "Field JournalLine.proposals was removed.": _TWO_WORDS,
    "Field JournalPagePayload.proposals was removed.": _TWO_WORDS,
    "Field MarkPayload.proposals was removed.": _TWO_WORDS,
    "Field Mutation.settleProposal was removed.": _TWO_WORDS,
    "Field IdentityMismatch.facts changed type from [String!]! to [IdentityFact!]!.": "The same words as an enum.",
    "ProposedMark was removed.": _NEVER_PROMISED,
    "Field JournalLine.proposedMark changed type from ProposedMark to SummaryMarkProposal.": _NEVER_PROMISED,
    "Field ReportCardCell.proposal changed type from ProposedMark to SummaryMarkProposal.": _NEVER_PROMISED,
}
"""Breaking changes that were decided on: what graphql-core says of them, and why they do no harm."""


@pytest.fixture(scope="module")
def text() -> str:
    """The SDL of the working tree."""
    return sdl()


@pytest.fixture(scope="module")
def schema(text: str) -> GraphQLSchema:
    """The schema as clients read it."""
    return build_schema(text)


def git(*words: str) -> str:
    """What git says; nothing where there is no git, or no such thing."""
    try:
        done = subprocess.run(["git", *words], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def promised(now: str) -> str:
    """The SDL that clients were last promised: the newest committed one that differs from what is built now.

    Comparing with HEAD alone could not fail once the change is committed, which is when others run the tests. Where
    there is no history the committed file is all that was ever promised.
    """
    path = COMMITTED.relative_to(CHECKOUT).as_posix()
    for commit in git("log", "-5", "--format=%H", "--", path).split():
        then = git("show", f"{commit}:{path}")
        if then and then != now:
            return then
    return COMMITTED.read_text(encoding="utf-8")


def breaks(then: str, now: str) -> list[str]:
    """What would break a client that was written against `then`."""
    return [change.description for change in find_breaking_changes(build_schema(then), build_schema(now))]


def test_committed_sdl_is_fresh(text: str) -> None:
    """What reviewers read is what the server says: `make sdl` writes it."""
    assert COMMITTED.read_text(encoding="utf-8") == text


def test_no_client_breaks(text: str) -> None:
    """Deprecate first; a break that was decided on is listed in ACCEPTED with its reason."""
    assert [change for change in breaks(promised(text), text) if change not in ACCEPTED] == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  shortName: String ", "  briefName: String ", "Field Organisation.shortName was removed."),
        ("  shortName: String ", "  shortName: Int ", "Field Organisation.shortName changed type from String to Int."),
        ("  HEAD_UNRESOLVED\n", "  UNRESOLVED\n", "Enum value HeadStatus.HEAD_UNRESOLVED was removed."),
    ],
)
def test_a_removed_word_would_be_noticed(text: str, old: str, new: str, says: str) -> None:
    """The comparison above is not blind."""
    assert old in text

    assert says in breaks(text, text.replace(old, new))


def explained(schema: GraphQLSchema) -> Iterator[tuple[str, str | None, bool]]:
    """Coordinate, description, and whether a Russian term belongs there."""
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        yield name, kind.description, True
        if is_enum_type(kind):
            yield from ((f"{name}.{word}", value.description, True) for word, value in kind.values.items())
        if is_input_object_type(kind):
            yield from ((f"{name}.{word}", field.description, True) for word, field in kind.fields.items())
        if is_object_type(kind) or is_interface_type(kind):
            for word, field in kind.fields.items():
                yield f"{name}.{word}", field.description, True
                for given, argument in field.args.items():
                    yield f"{name}.{word}({given})", argument.description, False


def test_everything_is_explained(schema: GraphQLSchema) -> None:
    """Every type, field, argument and enum value."""
    assert [coordinate for coordinate, said, _ in explained(schema) if not (said or "").strip()] == []


def test_everything_has_its_russian_term(schema: GraphQLSchema) -> None:
    """Users speak Russian: they find the word of their papers beside the English one."""
    found = list(explained(schema))

    assert len(found) > 300
    assert [coordinate for coordinate, said, russian in found if russian and not RUSSIAN.search(said or "")] == []


KINDS = {"WorkType"}
"""Names that end in the word itself: вид работы."""


def test_names_have_one_form(schema: GraphQLSchema) -> None:
    """Types in PascalCase without `Type`, fields and arguments in camelCase, words of enums in capitals."""
    forms = {
        "type": re.compile(r"[A-Z][A-Za-z0-9]*"),
        "word": re.compile(r"[A-Z][A-Z0-9_]*"),
        "name": re.compile(r"[a-z][A-Za-z0-9]*"),
    }
    wrong = []
    for coordinate, _, _ in explained(schema):
        kind, *rest = re.split(r"[.(]", coordinate.rstrip(")"))
        last = rest[-1] if rest else kind
        form = "type" if not rest else "word" if is_enum_type(schema.type_map[kind]) else "name"
        if not forms[form].fullmatch(last) or (kind.endswith("Type") and kind not in KINDS):
            wrong.append(coordinate)

    assert wrong == []


def test_every_field_prints_its_rule(text: str) -> None:
    """@access stands once on every field of every object and interface."""
    bare = [
        f"{node.name.value}.{field.name.value}"
        for node in parse(text).definitions
        if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode)
        for field in node.fields or ()
        if [directive.name.value for directive in field.directives or ()].count("access") != 1
    ]

    assert bare == []


def printed(text: str) -> dict[str, dict[str, str]]:
    """The arguments of @access by coordinate."""
    return {
        f"{node.name.value}.{field.name.value}": {
            argument.name.value: print_ast(argument.value).strip('"')
            for directive in field.directives or ()
            for argument in directive.arguments or ()
        }
        for node in parse(text).definitions
        if isinstance(node, ObjectTypeDefinitionNode)
        for field in node.fields or ()
    }


@pytest.mark.parametrize(
    ("coordinate", "rule"),
    [
        ("Organisation.name", {"rule": "PUBLIC", "sensitivity": "P0", "permission": "organisation:see"}),
        ("Lesson.topic", {"rule": "WITH_ROW", "sensitivity": "P1", "permission": "lesson:see"}),
        ("Lesson.homework", {"rule": "GUARDED", "sensitivity": "P1", "permission": "homework:read"}),
        ("Mark.value", {"rule": "WITH_ROW", "sensitivity": "P2", "permission": "mark:see"}),
        ("JournalLine.mean", {"rule": "WITH_ROW", "sensitivity": "P2", "permission": "journal_line:see"}),
        ("AttendanceRecord.note", {"rule": "GUARDED", "sensitivity": "P3", "permission": "attendance.note:read"}),
        (
            "Student.snils",
            {"rule": "GUARDED", "sensitivity": "P2", "permission": "documents:read", "masked": "documents:masked"},
        ),
        ("PageInfo.endCursor", {"rule": "PUBLIC", "sensitivity": "P0"}),
        ("Query.me", {"rule": "PUBLIC", "sensitivity": "P0"}),
    ],
)
def test_rule_is_printed_as_it_holds(text: str, coordinate: str, rule: dict[str, str]) -> None:
    """One field of each kind, as the access table has it."""
    assert printed(text)[coordinate] == rule


def test_public_columns_are_printed_public(text: str) -> None:
    """The lowest class is a class: it does not fall back to the highest."""
    rules = printed(text)
    columns = {"kind", "name", "ogrn", "ogrnStatus", "inn", "innStatus", "headStatus", "oktmo", "provenance", "source"}

    assert {column: rules[f"Organisation.{column}"]["sensitivity"] for column in columns} == dict.fromkeys(
        columns, "P0"
    )
    assert records.Organisation.sensitivity_of("name").name == "P0"


RAISED = re.compile(r"""(?:invalid\(|refusal\(|code=)\s*"([A-Z][A-Z_]+)\"""")


def test_every_code_of_a_user_error_stands_in_the_contract() -> None:
    """A program that reads `userErrors` finds the codes that it may meet in the schema, not in our source."""
    raised = {
        code for file in Path("schema").rglob("*.py") for code in RAISED.findall(file.read_text(encoding="utf-8"))
    }
    kinds = [*USER_ERRORS, *(kind for noun in NOUNS for kind in noun.refusals)]
    told = " ".join(vars(kind)["__strawberry_definition__"].description for kind in kinds)
    missing = {code for code in raised if not re.search(rf"\b{code}\b", told)}

    assert len(raised) > 30
    assert missing == set()

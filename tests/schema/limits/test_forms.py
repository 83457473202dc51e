"""Limits of a document's form: each is kept to the letter, and measuring takes no longer than the document is."""

import pytest
from graphql import DocumentNode, get_introspection_query, parse

from domain.errors import Code, LimitExceeded
from schema import build_schema
from schema.engine.limits import TOKENS
from schema.engine.limits.gauge import Gauge
from schema.engine.limits.maxima import ALIASES, DEPTH, DIGITS, DIRECTIVES, FIELDS, FRAGMENTS, REPEATS
from tests.schema.conftest import Query

pytestmark = pytest.mark.anyio


SCHEMA = build_schema().graphql


def exceeded(document: DocumentNode) -> LimitExceeded | None:
    """The limit that a document goes beyond; None when it keeps them all."""
    try:
        Gauge(SCHEMA).estimate((b"", None), document, None)
    except LimitExceeded as error:
        return error
    return None


def nested(levels: int) -> str:
    """A document of so many levels."""
    return "{organisations{nodes" + "{parent" * (levels - 2) + "}" * (levels - 2) + "}}"


def doubling(levels: int) -> str:
    """Fragments that each spread the next one twice: two to the power of `levels` fields."""
    chain = "".join(f"fragment f{level} on Query{{...f{level + 1} ...f{level + 1}}} " for level in range(levels))
    return f"{{...f0}} {chain} fragment f{levels} on Query{{__typename}}"


def many(count: int) -> str:
    """So many fields, each of another name."""
    return " ".join(f"a{number}" for number in range(count))


AT_THE_LIMIT = {
    "depth": "{a" * DEPTH + "}" * DEPTH,
    "depth through a fragment": "{a{...f}} fragment f on T" + "{b" * (DEPTH - 1) + "}" * (DEPTH - 1),
    "fields": "{" + many(FIELDS) + "}",
    "fields through fragments": "{...f ...f} fragment f on T{" + many(FIELDS // 2) + "}",
    "repeats": "{" + "a " * REPEATS + "b " * REPEATS + "}",
    "aliases": "{" + " ".join(f"a{number}:b" for number in range(ALIASES)) + "}",
    "aliases through fragments": "{" + "...f " * ALIASES + "} fragment f on T{a:b}",
    "directives": "{a " + "@b " * DIRECTIVES + "}",
    "fragments": "{...f0} " + " ".join(f"fragment f{number} on T{{a}}" for number in range(FRAGMENTS)),
    "digits": "{a(b:" + "9" * DIGITS + ")}",
}
BEYOND = {
    "depth": ("{a" * (DEPTH + 1) + "}" * (DEPTH + 1), DEPTH),
    "depth through a fragment": ("{a{...f}} fragment f on T" + "{b" * DEPTH + "}" * DEPTH, DEPTH),
    "depth of a fragment that was measured higher up": (
        "{...f a{...f}} fragment f on T" + "{b" * DEPTH + "}" * DEPTH,
        DEPTH,
    ),
    "depth in inline fragments": ("{...{a" * (DEPTH + 1) + "}}" * (DEPTH + 1), DEPTH),
    "fields": ("{" + many(FIELDS + 1) + "}", FIELDS),
    "fields through fragments": ("{...f ...f} fragment f on T{" + many(FIELDS // 2 + 1) + "}", FIELDS),
    "repeats": ("{" + "a " * (REPEATS + 1) + "}", REPEATS),
    "repeats of an alias": ("{b{" + "a:c " * (REPEATS + 1) + "}}", REPEATS),
    "fields in fragments that nobody spreads": (
        "{a} " + " ".join(f"fragment f{number} on T{{" + many(FIELDS // 2) + "}" for number in range(2)),
        FIELDS,
    ),
    "aliases": ("{" + " ".join(f"a{number}:b" for number in range(ALIASES + 1)) + "}", ALIASES),
    "aliases through fragments": ("{" + "...f " * (ALIASES + 1) + "} fragment f on T{a:b}", ALIASES),
    "directives": ("{a " + "@b " * (DIRECTIVES + 1) + "}", DIRECTIVES),
    "directives of variables": ("query(" + "$a:ID @b " * (DIRECTIVES + 1) + "){a}", DIRECTIVES),
    "fragments": ("{...f0} " + " ".join(f"fragment f{number} on T{{a}}" for number in range(FRAGMENTS + 1)), FRAGMENTS),
    "digits": ("{a(b:-" + "9" * DIGITS + ")}", DIGITS),
    "digits in a directive": ("{a @b(c:[{d:" + "9" * 5000 + "}])}", DIGITS),
    "a second operation": ("query a{b} query c" + "{d" * (DEPTH + 1) + "}" * (DEPTH + 1), DEPTH),
}


@pytest.mark.parametrize("limit", AT_THE_LIMIT)
def test_document_at_the_limit_is_accepted(limit: str) -> None:
    """The limit itself is allowed."""
    assert exceeded(parse(AT_THE_LIMIT[limit])) is None


@pytest.mark.parametrize("limit", BEYOND)
def test_document_beyond_the_limit_is_refused(limit: str) -> None:
    """One more is not, and both texts say the number."""
    document, most = BEYOND[limit]
    error = exceeded(parse(document))

    assert error is not None
    assert error.code is Code.LIMIT_EXCEEDED
    assert str(most) in error.english
    assert str(most) in error.russian


def test_introspection_fits() -> None:
    """Every tool begins with it."""
    everything = get_introspection_query(
        specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
    )

    assert exceeded(parse(everything)) is None


@pytest.mark.parametrize("levels", [10, 30, 58])
def test_fragments_are_measured_once_each(levels: int) -> None:
    """Two to the 58th fields are counted in the time of 58 fragments."""
    document = parse(doubling(levels))
    error = exceeded(document)

    assert error is not None
    assert str(FIELDS) in error.english


@pytest.mark.parametrize(
    "document",
    [
        "{...a} fragment a on Query{...a}",
        "{...a} fragment a on Query{...b} fragment b on Query{me{...a}}",
        "{...a} fragment a on Query{me{standing} ...b} fragment b on Query{...c} fragment c on Query{...a}",
        "{...missing}",
        "fragment a on Query{...a}",
    ],
)
def test_circles_are_left_to_validation(document: str) -> None:
    """They are measured as far as they go; that they are circles is said by GraphQL's own rule."""
    assert exceeded(parse(document)) is None


def test_long_chain_of_nested_fragments_is_too_deep() -> None:
    """Fragments may stand in fragments; what cannot be followed is refused instead of failing."""
    chain = "".join(
        f"fragment f{number} on Query{{" + "...{" * 10 + f"...f{number + 1}" + "}" * 10 + "}" for number in range(59)
    )
    error = exceeded(parse("{...f0}" + chain + "fragment f59 on Query{__typename}"))

    assert error is not None
    assert str(DEPTH) in error.english


REFUSED: dict[str, tuple[str, str]] = {
    "deep nesting": ("{" + "a{" * 3000 + "b" + "}" * 3000 + "}", "LIMIT_EXCEEDED"),
    "deep nesting of real fields": (nested(19), "LIMIT_EXCEEDED"),
    "deeply nested value": ("{node(id:" + "[" * 900 + "]" * 900 + "){id}}", "LIMIT_EXCEEDED"),
    "deeply nested type": ("query($a:" + "[" * 900 + "ID" + "]" * 900 + "){__typename}", "LIMIT_EXCEEDED"),
    "10,000 aliases": ("{" + " ".join(f"a{number}:__typename" for number in range(10_000)) + "}", "LIMIT_EXCEEDED"),
    "31 aliases of a page": (
        "{" + " ".join(f"a{number}:organisations(first:100){{totalCount}}" for number in range(31)) + "}",
        "LIMIT_EXCEEDED",
    ),
    "the same field 1,900 times": ("{" + "__typename " * 1900 + "}", "LIMIT_EXCEEDED"),
    "the same list 300 times": ("{" + "organisations{nodes{name}} " * 300 + "}", "LIMIT_EXCEEDED"),
    "fragment bomb": (doubling(30), "LIMIT_EXCEEDED"),
    "fragment bomb of all that is allowed": (doubling(58), "LIMIT_EXCEEDED"),
    "circular fragments": ("{...a} fragment a on Query{...b} fragment b on Query{...a}", "GRAPHQL_VALIDATION_FAILED"),
    "300 directives": ("{__typename " + "@a " * 300 + "}", "LIMIT_EXCEEDED"),
    "300 directives with arguments": ("{__typename " + "@skip(if:false) " * 300 + "}", "LIMIT_EXCEEDED"),
    "a number of 5,000 digits": ("{organisations(first:" + "9" * 5000 + "){totalCount}}", "LIMIT_EXCEEDED"),
    "300 variables": (
        "query(" + " ".join(f"$a{n}:ID" for n in range(300)) + "){__typename}",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "200 unknown fields": ("{" + " ".join(f"x{n}" for n in range(200)) + "}", "GRAPHQL_VALIDATION_FAILED"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_hostile_document_is_refused_before_any_work(query: Query, what: str) -> None:
    """Before anything is read of the database; how long it takes is measured by `python -m bench.hostile`."""
    document, code = REFUSED[what]
    answer = await query(document, viewer=None, language="en")

    assert set(answer.codes) == {code}
    assert "data" not in answer.body
    assert answer.statements == 0


async def test_limit_is_said_in_the_callers_language(query: Query) -> None:
    """What the limit is and what it counts."""
    aliases = "{" + " ".join(f"a{number}:__typename" for number in range(31)) + "}"
    tokens = "{" + "a " * 2000 + "}"
    said = [
        (await query(document, language=language)).errors[0]["message"]
        for document in (aliases, tokens, nested(19))
        for language in ("ru", "en")
    ]

    assert said == [
        "В документе не больше 30 псевдонимов с учётом фрагментов.",
        "A document has at most 30 aliases, counted wherever a fragment is spread.",
        f"В документе не больше {TOKENS} лексем.",
        f"A document has at most {TOKENS} tokens.",
        "В документе не больше 18 уровней вложенности. Слишком глубоко: organisations.nodes.parent.….parent.parent.",
        "A document has at most 18 levels of nesting. Too deep: organisations.nodes.parent.….parent.parent.",
    ]


async def test_what_is_just_allowed_is_answered(query: Query) -> None:
    """Thirty pages under thirty names; eighteen levels; a long comment; a long text."""
    pages = "{" + " ".join(f"a{number}:organisations(first:1){{totalCount}}" for number in range(30)) + "}"

    assert len((await query(pages, viewer=None)).data) == 30
    assert (await query(nested(18).replace("{parent}", "{id}"), viewer=None)).data["organisations"]["nodes"]
    assert (await query("#" + "x" * 100_000 + "\n{__typename}", viewer=None)).data == {"__typename": "Query"}
    assert (await query('{node(id:"' + "x" * 100_000 + '"){id}}', viewer=None)).data == {"node": None}

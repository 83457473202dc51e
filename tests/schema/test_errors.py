"""Errors: one catalogue in two languages, printed and in the schema; no code outside of it; masked everywhere."""

import ast
import re
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLError, GraphQLSyntaxError, Source
from sqlalchemy.exc import OperationalError

from auth.viewer import Viewer
from domain.error_catalogue import CATALOGUE, reference
from domain.errors import Busy, Code, LimitExceeded, RateLimited
from schema import build_schema
from schema.engine.context import Context, Language, open_context
from schema.engine.errors import coded
from tests.schema.conftest import Query

pytestmark = pytest.mark.anyio

CHECKOUT = Path(__file__).parents[2]
RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)
PROTOCOLS = CHECKOUT / "auth" / "provider"
"""OAuth has codes of its own, by its standards."""


def context(language: Language) -> Context:
    """A context without a transaction."""
    made = open_context(Viewer(), None, {}, lambda: None)  # type: ignore[arg-type,return-value]
    made.language, made.request_id = language, "request-1"
    return made


def test_every_code_is_explained_in_both_languages() -> None:
    """What happened, what to do, what is said: nobody has to guess."""
    assert CATALOGUE.keys() == set(Code)
    for code, entry in CATALOGUE.items():
        assert all(RUSSIAN.search(text) for text in (entry.russian, entry.when_russian, entry.then_russian)), code
        assert not any(RUSSIAN.search(text) for text in (entry.english, entry.when, entry.then)), code


def test_printed_catalogue_is_fresh() -> None:
    """`python -m api errors > docs/errors.md` writes it."""
    assert (CHECKOUT / "docs" / "errors.md").read_text(encoding="utf-8") == reference()


def test_schema_has_every_code() -> None:
    """Front ends generate their switch from it."""
    found = build_schema().graphql.type_map["ErrorCode"]

    assert isinstance(found, GraphQLEnumType)
    assert set(found.values) == {code.value for code in Code}


def test_no_code_is_written_outside_of_the_catalogue() -> None:
    """A literal code in `extensions` would be one that nobody explains."""
    found = []
    for folder in ("api", "schema", "auth"):
        for path in (CHECKOUT / folder).rglob("*.py"):
            if PROTOCOLS in path.parents:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
                for key, value in pairs:
                    named = isinstance(key, ast.Constant) and key.value == "code"
                    if named and isinstance(value, ast.Constant) and isinstance(value.value, str):
                        found.append(f"{path.relative_to(CHECKOUT)}:{value.lineno} {value.value}")

    assert found == []


@pytest.mark.parametrize(
    ("original", "code", "russian"),
    [
        (RateLimited(7), "RATE_LIMITED", "Лимит запросов исчерпан. Повторите тот же запрос через 7 с."),
        (LimitExceeded("Too much.", "Слишком много."), "LIMIT_EXCEEDED", "Слишком много."),
        (OperationalError("select secret", None, Exception("secret")), "UNAVAILABLE", None),
        (Busy(), "BUSY", None),
        (ValueError("secret"), "INTERNAL", "Что-то пошло не так на нашей стороне."),
        (KeyError("secret"), "INTERNAL", None),
    ],
)
def test_error_of_any_transport_is_coded_and_masked(original: Exception, code: str, russian: str | None) -> None:
    """Streams and sockets send what this gives, as answers do."""
    error = GraphQLError(str(original), original_error=original, path=["me"])
    found = coded(error, context(Language.RUSSIAN)).formatted

    assert found["extensions"]["code"] == code
    assert russian in (None, found["message"])
    assert "secret" not in str(found)
    assert RUSSIAN.search(found["message"])
    assert ("requestId" in found["extensions"]) is (code == "INTERNAL")


def test_retry_is_told_to_programs() -> None:
    """Seconds, beside the code."""
    error = coded(GraphQLError("", original_error=RateLimited(7)), context(Language.ENGLISH))

    assert error.extensions == {"code": "RATE_LIMITED", "retryAfter": 7}


def test_message_of_the_parser_keeps_its_code_without_an_operation() -> None:
    """Whoever parses, also beyond Strawberry."""
    error = coded(GraphQLSyntaxError(Source("{"), 1, "Unexpected <EOF>."), context(Language.RUSSIAN))

    assert (error.message, error.extensions) == (
        "Синтаксическая ошибка: документ обрывается.",
        {"code": "GRAPHQL_PARSE_FAILED"},
    )


@pytest.mark.parametrize(
    ("document", "english", "russian"),
    [
        ("{ mee { standing } }", "Cannot query field 'mee' on type 'Query'.", "У типа «Query» нет поля «mee»."),
        (
            '{ node(id: "a", idd: "b") { id } }',
            "Unknown argument 'idd' on field 'Query.node'.",
            "У поля «Query.node» нет аргумента «idd».",
        ),
        (
            "query ($a: ID!) { node(id: $a) { id } }",
            "Variable '$a' has invalid value: Expected a value of non-null type 'ID!' to be provided.",
            "Нужна переменная «$a» типа «ID!», она не передана.",
        ),
        (
            "{ node { id } }",
            "Argument 'Query.node(id:)' of type 'ID!' is required, but it was not provided.",
            "Нужен аргумент «Query.node(id:)» типа «ID!», он не передан.",
        ),
        ("{ me ", "Syntax Error: Expected Name, found <EOF>.", "Синтаксическая ошибка: нужно Name, а стоит <EOF>."),
    ],
)
async def test_frequent_mistakes_are_told_in_both_languages(
    query: Query, document: str, english: str, russian: str
) -> None:
    """By Accept-Language; without a hint at names that were not asked for."""
    said = [(await query(document, language=language)).errors[0]["message"] for language in ("en", "ru")]

    assert said == [english, russian]

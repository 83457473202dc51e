"""What a document costs: declared for every list, counted with its variables, told in every answer, bounded."""

from pathlib import Path
from typing import Any

import pytest
from graphql import get_named_type, is_composite_type, is_list_type, is_non_null_type, parse

from auth.viewer import Caller
from domain.errors import LimitExceeded
from schema import build_schema
from schema.engine.limits.gauge import Estimate, Gauge, judge, key_of
from schema.engine.limits.maxima import MAXIMA, CallerKind, kind_of_caller
from schema.engine.limits.prices import PAGED, expense_of
from schema.engine.mapping.check import object_types
from tests.documents.steps import questions
from tests.schema.conftest import Query

pytestmark = pytest.mark.anyio

CHECKOUT = Path(__file__).parents[3]
SCHEMA = build_schema().graphql
PAGES = (
    "query($n: Int, $m: Int = 7) {"
    " organisations(first: $n) { nodes { branches { id } } } subjects(last: $m) { nodes { id } } }"
)


def estimate(text: str, variables: dict[str, Any] | None = None, name: str | None = None) -> Estimate:
    """What a document is estimated at."""
    return Gauge(SCHEMA).estimate(key_of(text, name), parse(text), variables)


def lists() -> list[str]:
    """Coordinates of all lists of objects that are no part of a page."""
    found = []
    for kind in object_types(SCHEMA):
        for name, field in kind.fields.items():
            bare = field.type.of_type if is_non_null_type(field.type) else field.type
            of_page = name in PAGED and kind.name.endswith("Connection")
            if is_list_type(bare) and is_composite_type(get_named_type(bare)) and not of_page:
                found.append(f"{kind.name}.{name}")
    return found


def test_every_list_declares_its_size() -> None:
    """A new list says beside its declaration how long it usually is; until then it is taken for a hundred."""
    fields = {f"{kind.name}.{name}": field for kind in object_types(SCHEMA) for name, field in kind.fields.items()}
    said = {coordinate for coordinate, field in fields.items() if expense_of(field).usually is not None}
    listed = {coordinate for coordinate in lists() if not coordinate.endswith(".userErrors")}

    assert listed - said == set()
    assert said - listed == set()


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{ __typename }", 0),
        ("{ me { standing } }", 1),
        ("{ organisations { nodes { id } } }", 21),
        ("{ organisations(first: 3) { nodes { id } totalCount pageInfo { endCursor } } }", 1 + 3 + 10 + 1),
        ("{ organisations(last: 3) { edges { cursor node { id } } } }", 1 + 2 * 3),
        ("{ organisations(first: 3) { ...F } } fragment F on OrganisationConnection { nodes { parent { id } } }", 7),
        ("{ a: organisations(first: 3) { ...F } b: organisations(first: 50) { ...F } }"
         " fragment F on OrganisationConnection { nodes { id } }", 1 + 3 + 1 + 50),
        ('{ nodes(ids: ["a", "b"]) { id } }', 2),
        ('{ nodes(ids: ["a"]) { ... on Journal { lines { id } } ... on Student { enrolments { id } } } }', 1 + 30),
        ('{ node(id: "a") { ... on Journal { lines { id } } ... on Node { id } } }', 31),
        ("{ __schema { types { fields { type { name } } } } }", 100),
        ("{ organisations(first: 2) { nodes { branches { branches { id } } } } }", 1 + 2 * (1 + 5 * (1 + 5))),
    ],
)  # fmt: skip
def test_cost_is_points_of_fields_and_one_for_each_object(text: str, cost: int) -> None:
    """A list multiplies what is inside, a page by what was asked of it, wherever the fragment stands."""
    assert estimate(text).cost == cost


@pytest.mark.parametrize(
    ("variables", "cost"),
    [
        ({"n": 2}, 2 * 6 + 7), ({"n": 100, "m": 1}, 100 * 6 + 1), ({"n": 4_000_000_000}, 100 * 6 + 7),
        ({}, 20 * 6 + 7), ({"n": None}, 20 * 6 + 7), ({"n": -5, "m": None}, 20 * 6 + 20), ({"n": "x"}, 20 * 6 + 7),
        ({"n": [1, 2]}, 2 * 6 + 7), ({"n": 2, "unused": 9}, 2 * 6 + 7),
        ({"n": True}, 20 * 6 + 7), ({"n": 0}, 20 * 6 + 7),
    ],
)  # fmt: skip
def test_size_in_a_variable_counts_with_its_value(variables: dict[str, Any], cost: int) -> None:
    """Left out it is the default of the operation, else of the page; what is no size is refused later anyway."""
    assert estimate(PAGES, variables).cost == 2 + cost


def test_remembered_estimate_follows_the_variables() -> None:
    """One gauge, one document, other values."""
    gauge, document = Gauge(SCHEMA), parse(PAGES)
    costs = [gauge.estimate(key_of(PAGES, None), document, {"n": n}).cost for n in (2, 50, 2, 50)]

    assert costs == [21, 309, 21, 309]


def test_only_the_operation_asked_for_counts() -> None:
    """Changes are counted at the root of a mutation, through fragments too."""
    text = (
        "query A { me { standing } } mutation B { ...F ...F x: cancelImport { __typename } }"
        " fragment F on Mutation { cancelImport { __typename } }"
    )

    assert estimate(text, name="A") == Estimate(changes=0, rows=1, cost=1)
    assert estimate(text, name="B").changes == 3


def test_each_kind_of_caller_has_maxima() -> None:
    """At the maximum is allowed; one more of anything is refused, with both numbers."""
    for kind, most in MAXIMA.items():
        judge(Estimate(most.mutations, most.rows, most.cost), kind)
        for beyond in (
            Estimate(changes=most.mutations + 1),
            Estimate(rows=most.rows + 1),
            Estimate(cost=most.cost + 1),
        ):
            with pytest.raises(LimitExceeded):
                judge(beyond, kind)


def test_service_client_is_its_own_subject() -> None:
    """Nobody is anonymous, a person is somebody else than the client."""
    person = Caller("https://issuer", "somebody", "vhod-spa", frozenset())
    service = Caller("https://issuer", "diary", "diary", frozenset())

    assert [kind_of_caller(caller) for caller in (None, person, service)] == list(CallerKind)


@pytest.mark.parametrize("folder", ["bench/documents/vhod", "api/door/examples"])
def test_jobs_of_a_whole_class_or_school_fit_with_room(folder: str) -> None:
    """What we show and measure ourselves costs at most half of what a person may ask for."""
    found = {path.name: estimate(path.read_text()) for path in sorted((CHECKOUT / folder).glob("*.graphql"))}

    assert found
    assert {name: one.cost for name, one in found.items() if one.cost * 2 > MAXIMA[CallerKind.PERSON].cost} == {}


def test_documents_of_the_tour_fit_with_room() -> None:
    """All that a stranger tries first."""
    found = [question.document for page in ("README.md", "docs/tour.md") for question in questions(CHECKOUT / page)]

    assert len(found) > 5
    assert [text for text in found if estimate(text).cost * 2 > MAXIMA[CallerKind.PERSON].cost] == []


async def test_every_answer_tells_its_cost(query: Query) -> None:
    """Compiled, by the reference executor, with an error: requested and maximum."""
    compiled = "{ organisations(first: 3) { nodes { name } } }"
    reference = '{ __type(name: "Mark") { name } organisations(first: 3) { nodes { name } } }'
    wrong = "{ organisations(first: 3) { nodes { noSuchField } } }"
    told = [
        (await query(text, viewer=viewer)).body["extensions"]["cost"]
        for text in (compiled, reference, wrong)
        for viewer in (None, "teacher")
    ]

    most = [MAXIMA[CallerKind.ANONYMOUS].cost, MAXIMA[CallerKind.PERSON].cost] * 3
    assert told == [{"requested": cost, "maximum": m} for cost, m in zip([4, 4, 14, 14, 4, 4], most, strict=True)]


async def test_too_dear_operation_is_refused_before_any_work(query: Query) -> None:
    """It says what was estimated and what is allowed; the same for a person is answered."""
    text = "{ organisations(first: 100) { nodes { classGroups { subjectGroups { id } } } } }"
    refused, answered = await query(text, viewer=None, language="en"), await query(text, viewer="teacher")

    assert (refused.codes, refused.statements) == (["LIMIT_EXCEEDED"], 0)
    assert refused.errors[0]["message"].startswith("This operation is estimated at 84101 objects, 50000 are allowed")
    assert refused.body["extensions"]["cost"] == {"requested": 84_101, "maximum": 60_000}
    assert answered.data["organisations"]["nodes"]

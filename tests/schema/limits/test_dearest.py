"""A refusal names the fields that ask for most: their paths, their share of the estimate, in both languages."""

import pytest
from graphql import parse

from domain.errors import LimitExceeded
from schema import build_schema
from schema.engine.limits.dearest import STEPS, Shares
from schema.engine.limits.gauge import Gauge, judge
from schema.engine.limits.maxima import DEPTH, CallerKind
from schema.engine.limits.prices import Prices
from schema.engine.limits.sizes import Sizes, operation_of
from tests.schema.conftest import Query

pytestmark = pytest.mark.anyio
SCHEMA = build_schema().graphql
WIDE = (
    "query($n: Int) { all: journals(first: $n) { totalCount nodes { id ...Page } } }"
    " fragment Page on Journal { lines { student { displayName } marks { value history { value } } } }"
)


def refused(text: str, **variables: int) -> LimitExceeded:
    """What is said of a document that is too much for a person."""
    with pytest.raises(LimitExceeded) as caught:
        judge(Gauge(SCHEMA).estimate((b"", None), parse(text), variables), CallerKind.PERSON)
    return caught.value


def test_shares_of_a_document_are_all_of_its_estimate() -> None:
    """What fields add up to is what the gauge says, page items and fragments included."""
    document, variables = parse(WIDE), {"n": 7}
    operation = operation_of(document, None)
    assert operation is not None
    shares = Shares(document, Prices(SCHEMA), Sizes(operation, variables))
    shares.of(operation)
    whole = Gauge(SCHEMA).estimate((b"", None), document, variables)

    assert (sum(shares.rows.values()), sum(shares.cost.values())) == (whole.rows, whole.cost)


def test_an_operation_that_is_too_dear_is_told_its_dearest_fields() -> None:
    """By the names of the answer, through fragments, the dearest first."""
    error = refused(WIDE, n=100)
    paths = [one["path"] for one in error.told()["paths"]]

    assert paths == ["all.nodes.lines.marks.history", "all.nodes.lines.marks", "all.nodes.lines"]
    assert error.told()["paths"][0]["estimated"] == 100 * 30 * 15 * 3
    assert error.told()["estimated"] > error.told()["maximum"]
    assert "all.nodes.lines.marks.history (135000)" in error.english
    assert "all.nodes.lines.marks.history (135000)" in error.russian


def test_a_document_that_is_too_deep_is_told_where() -> None:
    """The first field beyond the limit, also within a fragment."""
    inside = "{parent" * DEPTH + "{id}" + "}" * DEPTH
    plain = refused("{organisations{nodes" + inside + "}}")
    [told] = plain.told()["paths"]
    hidden = refused("{organisations{nodes{...A}}} fragment A on Organisation" + inside)

    assert told["path"] == ".".join(["organisations", "nodes", *["parent"] * (DEPTH - 1)])
    assert plain.english.endswith("Too deep: organisations.nodes.parent.….parent.parent.")
    assert hidden.told()["paths"][0]["path"].count("parent") >= DEPTH - 1


def test_circles_of_fragments_are_not_followed_for_ever() -> None:
    """They are for validation to refuse; measuring them ends."""
    names = [f"f{number}" for number in range(50)]
    others = {name: " ".join(f"...{other}" for other in names if other != name) for name in names}
    circles = "".join(f"fragment {name} on Query{{{others[name]}}} " for name in names)
    document = parse(f"{{...f0}} {circles}")
    operation = operation_of(document, None)
    assert operation is not None
    shares = Shares(document, Prices(SCHEMA), Sizes(operation, None))
    shares.of(operation)

    assert shares.steps == STEPS


async def test_a_client_is_told_the_paths_in_extensions(query: Query) -> None:
    """Over the schema itself, anonymous: nothing was run for it."""
    answer = await query("{ organisations(first: 100) { nodes { branches { branches { branches { branches { id"
                         " branches { id } } } } } } } }")  # fmt: skip
    [error] = answer.errors

    assert error["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert error["extensions"]["paths"][0]["path"] == "organisations.nodes" + ".branches" * 5
    assert answer.statements == 0

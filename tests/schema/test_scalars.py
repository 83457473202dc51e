"""Scalars take what the contract promises and nothing else; texts of arguments get the one form that cells get."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLError
from strawberry import ID
from strawberry.exceptions import StrawberryInputCoercionError

from schema.engine.scalars import SCALARS
from schema.engine.typed_texts import canonical_input, plain
from schema.enrolments.enrolling import EnrolStudentInput
from tests.schema.demo import Demo, id_of

pytestmark = pytest.mark.anyio

SINCE = """
query ($at: DateTime) { auditEntries(last: 1, since: $at) { totalCount } }
"""


def parsed(kind: type[Any], given: object) -> Any:
    read = SCALARS[kind].parse_value
    assert read
    return read(given)


@pytest.mark.parametrize(
    "given",
    [
        "2026-W47-1",
        "20261116",
        "2026-11-16T00:00:00",
        "16.11.2026",
        "2026-1-6",
        20261116,
        "2026-02-30",
        "２０２６-11-16",
    ],
)
def test_day_is_written_in_one_form(given: object) -> None:
    """YYYY-MM-DD, and a day that there is."""
    with pytest.raises((StrawberryInputCoercionError, GraphQLError)):
        parsed(date, given)


@pytest.mark.parametrize(
    "given",
    ["2026-11-22T08:30:00", "2026-11-22", "2026-11-22 08:30:00+00:00", "20261122T083000Z", "2026-W47-7T08:30:00Z",
     "2026-11-22T08:30+00:00", "2026-11-22T25:00:00Z", "2026-11-22T08:30:00+0700", 1732264200],
)  # fmt: skip
def test_moment_without_its_offset_is_refused(given: object) -> None:
    """Nothing is taken for UTC that does not say so; the form is the one of the contract."""
    with pytest.raises((StrawberryInputCoercionError, GraphQLError)):
        parsed(datetime, given)


def test_what_the_contract_promises_is_read() -> None:
    """A day, and a moment with `Z` or an offset, also with fractions of a second."""
    assert parsed(date, "2026-11-22") == date(2026, 11, 22)
    assert [
        parsed(datetime, given)
        for given in ("2026-11-22T08:30:00Z", "2026-11-22T15:30:00+07:00", "2026-11-22T08:30:00.000Z")
    ] == [datetime(2026, 11, 22, 8, 30, tzinfo=UTC)] * 3


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_moment_without_offset_is_the_callers_mistake(language: str, demo: Demo) -> None:
    """Refused as any variable of a wrong type is; with its offset it is answered."""
    wrong = await demo.query(SINCE, {"at": "2026-11-22T08:30:00"}, "org-admin", language)
    right = await demo.query(SINCE, {"at": "2026-11-22T08:30:00+07:00"}, "org-admin", language)

    assert wrong.codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert (right.codes, right.data["auditEntries"]["totalCount"] >= 0) == ([], True)


def test_texts_of_an_input_get_the_form_of_cells() -> None:
    """Composed, nothing invisible, in every field and list; what is no text stays."""
    given = EnrolStudentInput(
        client_mutation_id=UUID(int=1), class_group_id=ID("ClassGroup:1"), valid_from=date(2026, 11, 16),
        order_number="15\u2011з\u200b", ordered_on=date(2026, 11, 13), last_name="Орло\u00adв",
        first_name="Андреи\u0306", birth_date=date(2013, 4, 5), subject_group_ids=[ID("a\ufeff")],
    )  # fmt: skip
    read = canonical_input(given)

    assert (read.last_name, read.first_name, read.order_number) == ("Орлов", "Андрей", "15\u2011з")
    assert (read.subject_group_ids, read.birth_date, read.middle_name) == (["a"], date(2013, 4, 5), None)
    assert plain("Андреи\u0306") == "Андрей"


async def test_register_is_searched_in_any_composition(demo: Demo) -> None:
    """A prefix of a decomposing system, with a Latin letter that looks Cyrillic, finds the same schools."""
    asked = "query ($name: String) { organisations(first: 5, namePrefix: $name) { nodes { id } } }"
    [row] = demo.ask("select name from organisation where id = :id", id=id_of("Organisation", "school")[13:])
    prefix = row.name[:6]
    alike = prefix.translate(str.maketrans("АВСЕНКМОРТХаеорсух", "ABCEHKMOPTXaeopcyx")).upper()
    found = [(await demo.query(asked, {"name": name}, "teacher")).data for name in (prefix, alike)]

    assert found[0]["organisations"]["nodes"]
    assert found[0] == found[1]

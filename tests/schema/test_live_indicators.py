"""Live indicators: counted from the journals as they are, opening to the parts, and nobody's small group among them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.schema.conftest import Query
from tests.schema.demo import Demo, id_of

pytestmark = pytest.mark.anyio

LIVE = """
  query ($organisation: ID!, $code: String!, $period: String!) {
    organisation(id: $organisation) {
      liveIndicator(code: $code, period: $period) {
        indicator { code definition }
        whole { numerator denominator value shown noData }
        parts { organisation { id } numerator denominator value noData }
      }
    }
  }
"""
COMPUTE = """
  mutation ($input: ComputeObservationsInput!) {
    computeObservations(input: $input) {
      observations { organisation { id } value numerator denominator noData provenance version }
      userErrors { code path }
    }
  }
"""
SCHOOL, SECOND = id_of("Organisation", "school"), id_of("Organisation", "second-school")
BRANCH = id_of("Organisation", "branch")
MUNICIPALITY, REGION = id_of("Organisation", "municipality"), id_of("Organisation", "region")
TOPICS, MONTH = "JOURNAL_TOPICS", "2026-11"


async def live(query: Any, viewer: str | None, organisation: str, code: str = TOPICS, period: str = MONTH) -> Any:
    """The live indicator of an organisation as somebody sees it."""
    variables = {"organisation": organisation, "code": code, "period": period}
    return await query(LIVE, variables, viewer=viewer)


def counted(demo: Demo, condition: str) -> int:
    """Held lessons of November in the main school; its branch is of fewer than five persons and in no figure."""
    places = [SCHOOL.partition(":")[2]]
    query = (
        "select count(*) from lesson where organisation_id = any(cast(:places as uuid[])) and status = 'HELD'"
        f" and held_on between '2026-11-01' and '2026-11-30' and {condition}"
    )
    return int(demo.ask(query, places=places)[0][0])


@pytest.mark.parametrize("viewer", [None, "teacher", "student", "korkino-coordinator"])
async def test_stranger_gets_no_live_figure(query: Query, viewer: str | None) -> None:
    """Whoever answers for the place, and nobody else."""
    answer = await live(query, viewer, SCHOOL)

    found = answer.data["organisation"]["liveIndicator"]
    assert found is None or (found["whole"], found["parts"]) == (None, [])


async def test_municipal_figure_opens_to_its_schools_and_adds_up(demo: Demo) -> None:
    """The counts of the parts make the whole, and the whole is what stands in the journals."""
    answer = await live(demo.query, "municipal-coordinator", MUNICIPALITY)
    found = answer.data["organisation"]["liveIndicator"]

    shown = [part for part in found["parts"] if part["numerator"] is not None]
    assert found["indicator"] == {"code": TOPICS, "definition": "OURS"}
    assert found["whole"]["numerator"] == counted(demo, "trim(coalesce(topic, '')) <> ''")
    assert found["whole"]["denominator"] == counted(demo, "true") > 0
    assert sum(part["denominator"] for part in shown) == found["whole"]["denominator"]


async def test_live_figure_follows_the_journal_at_once(own_demo: Demo) -> None:
    """A topic taken away is missing in the next answer: nothing is rebuilt first."""
    before = (await live(own_demo.query, "municipal-coordinator", MUNICIPALITY)).data["organisation"]["liveIndicator"]
    own_demo.ask(
        "update lesson set topic = null where id = (select id from lesson where organisation_id = cast(:school as uuid)"
        " and topic <> '' and status = 'HELD' and held_on between '2026-11-01' and '2026-11-30' limit 1)",
        school=SCHOOL.partition(":")[2],
    )
    after = (await live(own_demo.query, "municipal-coordinator", MUNICIPALITY)).data["organisation"]["liveIndicator"]

    assert after["whole"]["numerator"] == before["whole"]["numerator"] - 1
    assert after["whole"]["denominator"] == before["whole"]["denominator"]


async def test_small_group_is_hidden_from_whoever_may_not_see_the_persons(own_demo: Demo) -> None:
    """With four pupils left the coordinator gets no number; the school itself sees its own."""
    own_demo.ask(
        "delete from enrolment where organisation_id in (select id from organisation where ancestor_ids @> array["
        "cast(:school as uuid)]) and id not in (select id from enrolment where organisation_id = cast(:school as uuid)"
        " order by id limit 4)",
        school=SCHOOL.partition(":")[2],
    )
    outside = (await live(own_demo.query, "municipal-coordinator", SCHOOL)).data["organisation"]["liveIndicator"]
    inside = (await live(own_demo.query, "deputy-head", SCHOOL)).data["organisation"]["liveIndicator"]

    assert outside["whole"] == dict.fromkeys(("numerator", "denominator", "value", "shown")) | {"noData": "SUPPRESSED"}
    assert inside["whole"]["denominator"] > 0


@pytest.mark.parametrize("code", ["JOURNAL_ATTENDANCE", "JOURNAL_PARENTS", "DEE_TEACHERS"])
async def test_what_the_journals_do_not_tell_is_said_and_not_made_up(query: Query, code: str) -> None:
    """Nobody keeps when attendance was closed: no figure, and which ones there are."""
    answer = await live(query, "municipal-coordinator", SCHOOL, code)

    assert answer.codes == ["BAD_USER_INPUT"]
    assert TOPICS in answer.errors[0]["message"]


@pytest.mark.parametrize("code", ["JOURNAL_HOMEWORK", "JOURNAL_MARKS_IN_TIME", "JOURNAL_MARKS_PER_STUDENT"])
async def test_each_measure_is_a_numerator_over_a_denominator(query: Query, code: str) -> None:
    """Shares are at most 100 %, an index is what it is."""
    whole = (await live(query, "municipal-coordinator", SCHOOL, code)).data["organisation"]["liveIndicator"]["whole"]

    assert whole["denominator"] > 0
    assert code == "JOURNAL_MARKS_PER_STUDENT" or whole["numerator"] <= whole["denominator"]


async def test_computed_figures_are_stored_with_their_counts(own_demo: Demo) -> None:
    """The municipality and each of its schools; computed again without a change they stay as they are."""
    given = {"organisationId": MUNICIPALITY, "indicator": TOPICS, "period": MONTH}
    answers = [
        await own_demo.query(
            COMPUTE, {"input": {"clientMutationId": str(uuid4()), **given}}, viewer="municipal-coordinator"
        )
        for _ in range(2)
    ]
    first, second = (answer.data["computeObservations"] for answer in answers)
    live_now = (await live(own_demo.query, "municipal-coordinator", MUNICIPALITY)).data["organisation"]["liveIndicator"]

    whole = first["observations"][0]
    assert first["userErrors"] == []
    assert (whole["organisation"]["id"], whole["provenance"]) == (MUNICIPALITY, "COMPUTED")
    assert whole["value"] == live_now["whole"]["value"]
    assert len(first["observations"]) == 1 + len(live_now["parts"])
    assert second["observations"] == first["observations"]


async def computed(demo: Demo, viewer: str, organisation: str) -> dict[str, Any]:
    """What somebody stores, by organisation."""
    given = {"clientMutationId": str(uuid4()), "organisationId": organisation, "indicator": TOPICS, "period": MONTH}
    made = (await demo.query(COMPUTE, {"input": given}, viewer=viewer)).data["computeObservations"]
    assert made["userErrors"] == []
    return {one["organisation"]["id"]: one for one in made["observations"]}


def grow(demo: Demo) -> None:
    """Let five pupils of the school learn at its branch as well, which has fewer of its own."""
    demo.ask(
        "insert into enrolment (student_id, organisation_id, class_group_id, kind, valid_from)"
        " select e.student_id, b.organisation_id, b.class_group_id, 'NETWORK', e.valid_from from enrolment e, ("
        " select organisation_id, class_group_id from enrolment where organisation_id = cast(:branch as uuid)"
        " limit 1) b"
        " where e.organisation_id = cast(:school as uuid) and e.valid_to is null order by e.id limit 5",
        branch=BRANCH.partition(":")[2], school=SCHOOL.partition(":")[2],
    )  # fmt: skip


@pytest.mark.parametrize("branch", ["of few", "of many"])
async def test_computed_figure_is_the_same_whoever_computes_it(own_demo: Demo, branch: str) -> None:
    """The administrator, who sees no branch, and the coordinator store one figure: with branches, as it is defined."""
    if branch == "of many":
        grow(own_demo)
    by_school = (await computed(own_demo, "org-admin", SCHOOL))[SCHOOL]
    by_municipality = (await computed(own_demo, "municipal-coordinator", SCHOOL))[SCHOOL]
    as_a_part = (await computed(own_demo, "municipal-coordinator", MUNICIPALITY))[SCHOOL]
    versions = own_demo.ask("select version from observation_version where provenance = 'COMPUTED'")

    assert by_school == by_municipality == as_a_part
    assert (by_school["version"], {row.version for row in versions}) == (1, {1})
    assert (int(by_school["denominator"]) > counted(own_demo, "true")) == (branch == "of many")


async def test_no_difference_of_figures_tells_a_small_branch(own_demo: Demo) -> None:
    """Four persons are in no figure at all: school, municipality, stored or live, all leave them out alike."""
    stored = await computed(own_demo, "municipal-coordinator", SCHOOL)
    of_all = await computed(own_demo, "municipal-coordinator", MUNICIPALITY)
    seen = (await live(own_demo.query, "municipal-coordinator", SCHOOL)).data["organisation"]["liveIndicator"]
    own = counted(own_demo, "true")

    assert stored[BRANCH]["noData"] == "SUPPRESSED"
    assert {int(one["denominator"]) for one in (stored[SCHOOL], of_all[SCHOOL], of_all[MUNICIPALITY])} == {own}
    assert seen["whole"]["denominator"] == own

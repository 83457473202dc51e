"""Observations: versions, all or nothing, locks up the tree, the past as it was known, and whose they are."""

from datetime import datetime
from uuid import uuid4

import pytest

from schema.figures import approvals
from tests.schema.conftest import Query
from tests.schema.demo import Demo, id_of
from tests.schema.figures import (
    APPROVE,
    CONDITIONS,
    COORDINATOR,
    EIGHTH,
    OTHER,
    PERIOD,
    REGION,
    REGIONAL,
    UNLOCK,
    decide,
    record,
    said,
)

pytestmark = pytest.mark.anyio

MINE = """
  query ($organisation: ID!, $known: DateTime) {
    organisation(id: $organisation) {
      observations(period: "2020/2022") { nodes { value shown provenance source indicator { code } } }
      observationVersions(asKnownAt: $known, period: "2023") { nodes { value version indicator { code } } }
    }
  }
"""
PAGES = "PUBLIC_PAGES_ACTIVE"


async def test_stranger_sees_no_observation(query: Query) -> None:
    """Figures of a place are for those who answer for it: ratings are public, their inputs are not."""
    for viewer in (None, "guest", "teacher", "municipal-coordinator"):
        answer = await query(MINE, {"organisation": EIGHTH}, viewer=viewer)

        assert not (answer.data["organisation"]["observations"] or {}).get("nodes")


async def test_coordinator_sees_own_figures_with_their_provenance(query: Query) -> None:
    """What was reconstructed from published results says so."""
    answer = await query(MINE, {"organisation": EIGHTH}, viewer=COORDINATOR)
    nodes = answer.data["organisation"]["observations"]["nodes"]

    assert {node["indicator"]["code"]: node["value"] for node in nodes} == {
        "CHELYABINSK_CONDITIONS": "21",
        "CHELYABINSK_OUTCOMES": "49/2",
        "CHELYABINSK_PROCESSES": "13",
    }
    assert {node["provenance"] for node in nodes} == {"RECONSTRUCTED"}
    assert answer.denied == []


async def test_recorded_value_is_exact_and_gets_a_version_with_each_correction(own_demo: Demo) -> None:
    """Two counts make an exact share; the correction stands, the history keeps both."""
    first = await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, numerator="785", denominator="901"))
    second = await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="87.5", version=1))

    [one] = first.data["recordObservations"]["observations"]
    [two] = second.data["recordObservations"]["observations"]
    assert (one["value"], one["shown"], one["version"], one["provenance"]) == ("78500/901", "87.13", 1, "ENTERED")
    assert (one["numerator"], one["denominator"]) == ("785", "901")
    assert (two["value"], two["version"], two["numerator"]) == ("175/2", 2, None)
    assert two["history"] == [{"version": 1, "value": "78500/901"}, {"version": 2, "value": "175/2"}]


async def test_same_value_again_is_no_new_version(own_demo: Demo) -> None:
    """Only a real change is kept."""
    await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="50"))
    again = await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="50", version=1))

    assert again.data["recordObservations"]["observations"][0]["version"] == 1


async def test_key_acts_once(own_demo: Demo) -> None:
    """A retry gets the value of the first time."""
    key = str(uuid4())
    answers = [await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="50"), key=key) for _ in range(2)]

    first, second = (answer.data["recordObservations"]["observations"] for answer in answers)
    assert first == second
    assert len(own_demo.ask("select from observation_version where period = '2023' and provenance = 'ENTERED'")) == 1


async def test_list_is_taken_whole_or_not_at_all(own_demo: Demo) -> None:
    """Every row that is wrong is named with its place; the good one beside them is not written."""
    rows = [
        said(EIGHTH, PAGES, value="90"),
        said(EIGHTH, "NO_SUCH", value="1"),
        said(EIGHTH, PAGES, period="2023-13", value="1"),
        said(EIGHTH, PAGES, period="2024", value="100.5"),
        said(EIGHTH, PAGES, period="2025"),
        said(EIGHTH, PAGES, period="2026", numerator="1", denominator="0"),
        said(EIGHTH, PAGES, value="91"),
        said("Organisation:nobody", PAGES, value="1"),
    ]
    answer = await record(own_demo, COORDINATOR, *rows)
    payload = answer.data["recordObservations"]

    assert payload["observations"] == []
    assert [(error["code"], error["path"][2]) for error in payload["userErrors"]] == [
        ("INDICATOR_UNKNOWN", "1"),
        ("PERIOD_UNREADABLE", "2"),
        ("VALUE_OUT_OF_RANGE", "3"),
        ("VALUE_NEEDED", "4"),
        ("DENOMINATOR_ZERO", "5"),
        ("NOT_FOUND", "7"),
        ("DUPLICATE_PLACE", "6"),
    ]
    assert own_demo.ask("select from observation where period = '2023' and provenance = 'ENTERED'") == []


async def test_wrong_version_is_a_conflict_that_shows_what_stands(own_demo: Demo) -> None:
    """Somebody was quicker: nothing is written over."""
    first = await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="50"))
    late = await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="51"))
    [error] = late.data["recordObservations"]["userErrors"]

    assert (error["__typename"], error["currentVersion"]) == ("VersionConflict", 1)
    assert error["current"] == {"id": first.data["recordObservations"]["observations"][0]["id"]}


async def test_nobody_records_elsewhere(own_demo: Demo) -> None:
    """A stranger may not at all; a coordinator is told which row is not theirs."""
    stranger = await record(own_demo, "teacher", said(EIGHTH, PAGES, value="1"))
    mixed = await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="1"), said(OTHER, PAGES, value="1"))
    [error] = mixed.data["recordObservations"]["userErrors"]

    assert stranger.codes == ["FORBIDDEN"]
    assert (error["code"], error["path"]) == (
        "ORGANISATION_NOT_YOURS",
        ["input", "observations", "1", "organisationId"],
    )


async def test_administrator_records_for_the_own_organisation_only(own_demo: Demo) -> None:
    """Scope O: one's own school, not the one in the next municipality."""
    own = await record(own_demo, "org-admin", said(id_of("Organisation", "school"), PAGES, value="1"))
    next_one = await record(own_demo, "org-admin", said(id_of("Organisation", "second-school"), PAGES, value="1"))

    assert own.data["recordObservations"]["userErrors"] == []
    assert next_one.data["recordObservations"]["userErrors"][0]["code"] == "ORGANISATION_NOT_YOURS"


async def test_approved_figures_are_locked_for_all_below(own_demo: Demo) -> None:
    """The region approved the points: the municipality is told by whom and when, and so is the region itself."""
    [region] = own_demo.ask("select decided_at from observation_approval limit 1")
    for viewer in (COORDINATOR, REGIONAL):
        row = said(EIGHTH, CONDITIONS, PERIOD, value="22", version=1)
        [error] = (await record(own_demo, viewer, row)).data["recordObservations"]["userErrors"]

        assert (error["__typename"], error["code"], error["lockedFor"]) == ("Locked", "LOCKED", {"id": REGION})
        assert datetime.fromisoformat(error["lockedAt"]) == region.decided_at


async def test_municipality_opens_nothing_that_the_region_approved(own_demo: Demo) -> None:
    """Up the tree only: below it cannot be undone, nor approved once more."""
    unlocked = await decide(own_demo, UNLOCK, COORDINATOR, EIGHTH, reason="Ошибка в баллах")
    approved = await decide(own_demo, APPROVE, COORDINATOR, EIGHTH)
    foreign = await decide(own_demo, UNLOCK, COORDINATOR, REGION, reason="Ошибка в баллах")

    assert unlocked.data["unlockObservations"]["userErrors"][0]["code"] == "LOCKED"
    assert approved.data["approveObservations"]["userErrors"][0]["code"] == "LOCKED"
    assert foreign.codes == ["FORBIDDEN"]


async def test_region_opens_with_a_reason_and_locks_again(own_demo: Demo) -> None:
    """Opened, corrected below, approved again: then it is shut."""
    silent = await decide(own_demo, UNLOCK, REGIONAL, REGION, reason=" ")
    opened = await decide(own_demo, UNLOCK, REGIONAL, REGION, reason="Ошибка в баллах")
    twice = await decide(own_demo, UNLOCK, REGIONAL, REGION, reason="Ошибка в баллах")
    row = said(EIGHTH, CONDITIONS, PERIOD, value="22", version=1)
    written = await record(own_demo, COORDINATOR, row)
    shut = await decide(own_demo, APPROVE, REGIONAL, REGION)
    late = await record(own_demo, COORDINATOR, {**row, "version": 2, "value": "23"})

    assert silent.data["unlockObservations"]["userErrors"][0]["code"] == "REASON_NEEDED"
    assert opened.data["unlockObservations"]["approvals"] == [{"action": "UNLOCK", "reason": "Ошибка в баллах"}]
    assert twice.data["unlockObservations"]["userErrors"][0]["code"] == "NOTHING_TO_UNLOCK"
    assert written.data["recordObservations"]["observations"][0]["value"] == "22"
    assert shut.data["approveObservations"]["approvals"][0]["role"] == "REGIONAL_COORDINATOR"
    assert late.data["recordObservations"]["userErrors"][0]["code"] == "LOCKED"


async def test_who_records_does_not_approve(own_demo: Demo) -> None:
    """Four eyes: the coordinator who has opened and corrected a figure leaves its approval to somebody else."""
    await decide(own_demo, UNLOCK, REGIONAL, REGION, reason="Ошибка в баллах")
    await record(own_demo, REGIONAL, said(EIGHTH, CONDITIONS, PERIOD, value="22", version=1))
    alone = (await decide(own_demo, APPROVE, REGIONAL, REGION)).data["approveObservations"]
    decided = own_demo.ask("select count(*) from observation_approval where action = 'APPROVE'")
    await record(own_demo, COORDINATOR, said(EIGHTH, CONDITIONS, PERIOD, value="23", version=2))
    of_another = (await decide(own_demo, APPROVE, REGIONAL, REGION)).data["approveObservations"]

    assert [(error["code"], error["path"]) for error in alone["userErrors"]] == [
        ("SECOND_PERSON", ["input", "indicators", "0"])
    ]
    assert (alone["approvals"], decided[0][0]) == ([], 3)
    assert of_another["userErrors"] == []


async def test_database_too_lets_nobody_approve_what_they_recorded(own_demo: Demo) -> None:
    """The second wall: the same, of a server that forgot to ask."""
    await decide(own_demo, UNLOCK, REGIONAL, REGION, reason="Ошибка в баллах")
    await record(own_demo, REGIONAL, said(EIGHTH, CONDITIONS, PERIOD, value="22", version=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(approvals, "_own", lambda *_: [])
        answer = await decide(own_demo, APPROVE, REGIONAL, REGION)

    assert answer.codes
    assert own_demo.ask("select count(*) from observation_approval where action = 'APPROVE'")[0][0] == 3


async def test_lock_of_the_seed_names_a_role_that_opens_it(own_demo: Demo) -> None:
    """Nobody in person decided it, but the coordinator of the region answers for it, and opens it with a reason."""
    row = said(EIGHTH, CONDITIONS, PERIOD, value="22", version=1)
    [error] = (await record(own_demo, COORDINATOR, row)).data["recordObservations"]["userErrors"]
    opened = await decide(own_demo, UNLOCK, REGIONAL, REGION, reason="Ошибка в баллах")

    assert error["role"] == "REGIONAL_COORDINATOR"
    assert opened.data["unlockObservations"]["userErrors"] == []


async def test_past_is_told_as_it_was_known(own_demo: Demo) -> None:
    """`asKnownAt` between two versions gives the first, before both nothing, and now the second."""
    await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="50"))
    [between] = own_demo.ask("select vhod.clock_timestamp() as now")
    await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="60", version=1))
    moments = ["2020-01-01T00:00:00+00:00", between.now.isoformat(), "2100-01-01T00:00:00+00:00"]

    found = []
    for moment in moments:
        answer = await own_demo.query(MINE, {"organisation": EIGHTH, "known": moment}, viewer=COORDINATOR)
        found.append([node["value"] for node in answer.data["organisation"]["observationVersions"]["nodes"]])
    assert found == [[], ["50"], ["60"]]


async def test_recording_is_audited(own_demo: Demo) -> None:
    """One entry a mutation, under the assignment that allowed it."""
    await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="50"), said(EIGHTH, PAGES, period="2024", value="5"))
    [entry] = own_demo.ask("select * from audit_entry where action = 'organisation:observations:record'")

    assert entry.detail == {"observations": 2, "reason": None}
    assert entry.assignment_id is not None


async def test_number_of_statements_does_not_depend_on_the_number_of_values(own_demo: Demo) -> None:
    """One value or twenty: the same statements."""
    one = await record(own_demo, COORDINATOR, said(EIGHTH, PAGES, value="50"))
    rows = [said(EIGHTH, PAGES, period=str(year), value="50") for year in range(2000, 2020)]
    twenty = await record(own_demo, COORDINATOR, *rows)

    assert one.statements == twenty.statements

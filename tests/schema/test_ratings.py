"""Ratings: the published tables to the last rank, versions, the replay of the past, and why one is 8th."""

from collections.abc import Sequence
from typing import Any

import pytest

from domain import clock
from domain.catalogue.published import published_places
from tests.schema.conftest import Query
from tests.schema.demo import Demo, id_of
from tests.schema.figures import (
    CHELYABINSK,
    CONDITIONS,
    COORDINATOR,
    EIGHTH,
    PERIOD,
    REGION,
    REGIONAL,
    UNLOCK,
    compute,
    decide,
    publish,
    record,
    said,
)

pytestmark = pytest.mark.anyio

TABLE = """
  query ($methodology: String!, $section: String!, $region: ID) {
    ratings(methodology: $methodology, region: $region, newest: true, last: 1) {
      nodes {
        id version period digest warnings { code place }
        entries(section: $section, first: 100) {
          totalCount
          nodes { ratedName rank tied points pointsShown percentShown known needed level { code colour } }
        }
      }
    }
  }
"""
WHY = """
  query ($ours: ID!, $region: ID!) {
    ratings(methodology: "chelyabinsk-quality", region: $region, newest: true, last: 1) {
      nodes {
        entries(section: "total", organisation: $ours) {
          nodes {
            rank points
            explanation {
              contributions { input { code name } state value points maximum shareShown headroom }
              tiedWith { entry { ratedName } sameInputs }
              looksEqual { ratedName rank }
              toNextRank { points rank holders { ratedName } ways { input { code } } }
              toRank(rank: 6) { points pointsShown holders { ratedName } ways { input { code } valueShown } }
              toNextLevel { points level { code } }
              sincePrevious { cause places rankBefore rankAfter inputs { before after withheld } }
            }
          }
        }
      }
    }
  }
"""
WHAT_IF = """
  query ($rating: ID!, $changes: [WhatIfChange!]!) {
    whatIf(ratingId: $rating, changes: $changes) {
      section changes { organisationName cause rankBefore rankAfter inputs { before after withheld } }
    }
  }
"""
ROBUSTNESS = """
  query ($rating: ID!, $draws: Int!) {
    robustness(ratingId: $rating, section: "total", draws: $draws, seed: 7) {
      ratedName rank low median high best worst
    }
  }
"""


async def table(query: Any, section: str, methodology: str = CHELYABINSK, viewer: str | None = None) -> dict[str, Any]:
    """The newest rating of a methodology, with the entries of a section."""
    variables = {"methodology": methodology, "section": section, "region": REGION if "quality" in methodology else None}
    [rating] = (await query(TABLE, variables, viewer=viewer)).data["ratings"]["nodes"]
    return rating  # type: ignore[no-any-return]


async def why(query: Any, viewer: str | None, organisation: str = EIGHTH) -> dict[str, Any]:
    """The entry of a municipality in the total, explained."""
    answer = await query(WHY, {"ours": organisation, "region": REGION}, viewer=viewer)
    return answer.data["ratings"]["nodes"][0]["entries"]["nodes"][0]  # type: ignore[no-any-return]


async def found(query: Any, name: str) -> str:
    """The id of the organisation whose name begins so."""
    answer = await query("query ($n: String!) { organisations(namePrefix: $n) { nodes { id } } }", {"n": name})
    [one] = answer.data["organisations"]["nodes"]
    return one["id"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("section", ["conditions", "processes"])
async def test_published_table_comes_out_to_the_last_rank(query: Query, section: str) -> None:
    """Places and shown percents of 43 municipalities, through the API, to anybody."""
    rating = await table(query, section)
    nodes = rating["entries"]["nodes"]

    assert [(node["rank"], node["percentShown"]) for node in nodes] == [
        (place.rank, str(place.percent)) for place in published_places(section)
    ]
    assert {(node["rank"], node["ratedName"]) for node in nodes} == {
        (place.rank, place.municipality) for place in published_places(section)
    }


async def test_rating_names_the_contradictions_of_its_methodology(query: Query) -> None:
    """96 is not 95, 27 is not 28, and the inputs are reconstructed: each with its place."""
    warnings = {(one["code"], one["place"]) for one in (await table(query, "total"))["warnings"]}

    assert warnings >= {
        ("GROUPS_SUM_NOT_TOTAL", "total.maximum"),
        ("BANDS_END_NOT_MAXIMUM", "conditions.bands.HIGH"),
        ("RECONSTRUCTED", "inputs.CHELYABINSK_CONDITIONS"),
    }


async def test_region_without_data_stands_last_without_a_place(query: Query) -> None:
    """Томская область is not in the published list: no place, which is not the last place."""
    rating = await table(query, "total", "motivating-monitoring")
    nodes = rating["entries"]["nodes"]

    assert rating["entries"]["totalCount"] == len(nodes) == 85
    assert [(node["ratedName"], node["rank"], node["points"]) for node in nodes[:1]] == [("Москва", 1, "57")]
    assert [node["ratedName"] for node in nodes if node["rank"] is None] == ["Новгородская область", "Томская область"]


async def test_pages_of_schools_lack_inputs_and_say_how_many(query: Query) -> None:
    """A region with one of two indicators has no total; missing is not zero."""
    nodes = (await table(query, "total", "school-public-pages"))["entries"]["nodes"]

    assert all((node["rank"] is None) == (node["known"] < node["needed"]) for node in nodes)
    assert any(node["known"] == 1 for node in nodes)


async def test_eighth_learns_why_and_what_would_make_it_sixth(query: Query) -> None:
    """The question of the tour, answered by one query."""
    entry = await why(query, COORDINATOR)
    explained = entry["explanation"]

    assert (entry["rank"], entry["points"]) == (8, "117/2")
    assert {one["input"]["code"]: (one["state"], one["points"]) for one in explained["contributions"]} == {
        "CHELYABINSK_CONDITIONS": ("KNOWN", "21"),
        "CHELYABINSK_OUTCOMES": ("KNOWN", "49/2"),
        "CHELYABINSK_PROCESSES": ("KNOWN", "13"),
    }
    assert explained["tiedWith"] == []
    assert [(one["ratedName"], one["rank"]) for one in explained["looksEqual"]] == [
        ("Озерский ГО", 7),
        ("Троицкий МР", 7),
    ]
    assert (explained["toNextRank"]["points"], explained["toNextRank"]["rank"]) == ("1/2", 7)
    assert explained["toRank"]["points"] == "11/10"
    assert [one["ratedName"] for one in explained["toRank"]["holders"]] == ["Кусинский МР", "Трехгорный ГО"]
    assert {way["input"]["code"]: way["valueShown"] for way in explained["toRank"]["ways"]} == {
        "CHELYABINSK_OUTCOMES": "25.6",
        "CHELYABINSK_PROCESSES": "14.1",
        "CHELYABINSK_CONDITIONS": "22.1",
    }
    assert explained["toNextLevel"] == {"points": "55/2", "level": {"code": "HIGH"}}
    assert explained["sincePrevious"] is None


@pytest.mark.parametrize("viewer", [None, "guest", "teacher", "municipal-coordinator"])
async def test_stranger_is_told_the_place_and_no_input(query: Query, viewer: str | None) -> None:
    """Withheld are the inputs and every way that would give one away; places and points are public."""
    entry = await why(query, viewer)
    explained = entry["explanation"]

    assert entry["rank"] == 8
    assert {one["state"] for one in explained["contributions"]} == {"WITHHELD"}
    assert all(one[name] is None for one in explained["contributions"] for name in ("value", "points", "headroom"))
    assert explained["toRank"]["points"] == "11/10"
    assert explained["toRank"]["ways"] == []


async def test_points_of_a_section_of_one_input_are_published_and_said_to_be(query: Query) -> None:
    """An aggregate of one is the value: «21» never stands beside WITHHELD."""
    document = WHY.replace('section: "total"', 'section: "conditions"').replace("toRank(rank: 6)", "toRank(rank: 1)")
    answer = await query(document, {"ours": EIGHTH, "region": REGION}, viewer=None)
    [entry] = answer.data["ratings"]["nodes"][0]["entries"]["nodes"]
    [contribution] = entry["explanation"]["contributions"]

    assert (entry["points"], contribution["state"], contribution["points"]) == ("21", "PUBLISHED", "21")
    assert (contribution["value"], contribution["headroom"], contribution["shareShown"]) == (None, "7", "100")


async def test_tie_is_explained_as_far_as_the_inputs_may_be_seen(query: Query) -> None:
    """The region's coordinator sees in what two differ; one of the two does not see the other's inputs."""
    place = await found(query, "Озерский")
    of_region = (await why(query, REGIONAL, place))["explanation"]["tiedWith"]
    of_stranger = (await why(query, COORDINATOR, place))["explanation"]["tiedWith"]

    assert [(tie["entry"]["ratedName"], tie["sameInputs"]) for tie in of_region] == [("Троицкий МР", False)]
    assert [(tie["entry"]["ratedName"], tie["sameInputs"]) for tie in of_stranger] == [("Троицкий МР", None)]


async def test_statements_of_explanations_depend_neither_on_rows_nor_on_the_viewer(query: Query) -> None:
    """One entry or all 43, stranger or coordinator."""
    of_one = WHY.replace("toRank(rank: 6)", "toRank(rank: 1)")
    of_all = of_one.replace("organisation: $ours", "first: 43").replace("$ours: ID!, ", "")
    asked = ((of_one, {"ours": EIGHTH, "region": REGION}), (of_all, {"region": REGION}))
    counts = {
        (await query(document, variables, viewer=viewer)).statements
        for document, variables in asked
        for viewer in (None, COORDINATOR, REGIONAL)
    }

    assert len(counts) == 1


async def test_what_if_moves_the_eighth_to_the_sixth_place_and_stores_nothing(demo: Demo) -> None:
    """25.6 points of outcomes in place of 24.5; who is overtaken moves without having done anything."""
    rating = await table(demo.query, "total")
    change = {"organisationId": EIGHTH, "indicator": "CHELYABINSK_OUTCOMES", "value": "25.6"}
    answer = await demo.query(WHAT_IF, {"rating": rating["id"], "changes": [change]}, viewer=COORDINATOR)
    moved = {part["section"]: part["changes"] for part in answer.data["whatIf"]}

    mine = next(one for one in moved["total"] if one["organisationName"] == "Коркинский МР")
    assert (mine["rankBefore"], mine["rankAfter"]) == (8, 6)
    assert mine["inputs"] == [{"before": "49/2", "after": "128/5", "withheld": False}]
    assert {one["cause"] for one in moved["total"] if one is not mine} == {"OTHERS"}
    assert moved["conditions"] == []
    assert await table(demo.query, "total") == rating


@pytest.mark.parametrize("viewer", ["teacher", "municipal-coordinator"])
async def test_nobody_supposes_about_a_rating_in_which_they_have_no_part(query: Query, viewer: str) -> None:
    """Neither a teacher nor the coordinator of a municipality of another region."""
    rating = await table(query, "total")
    answer = await query(WHAT_IF, {"rating": rating["id"], "changes": []}, viewer=viewer)

    assert answer.data == {"whatIf": None}
    assert [(one["field"], one["permission"]) for one in answer.denied] == [("Query.whatIf", "rating:suppose")]


async def test_what_cannot_be_seen_cannot_be_supposed(query: Query) -> None:
    """The answer would tell what it is."""
    rating = await table(query, "total")
    place = await found(query, "Озерский")
    change = {"organisationId": place, "indicator": CONDITIONS, "value": "20"}
    answer = await query(WHAT_IF, {"rating": rating["id"], "changes": [change]}, viewer=COORDINATOR)

    assert answer.codes == ["BAD_USER_INPUT"]


UNFIT = {
    "more points than there are": ([("CHELYABINSK_PROCESSES", "999")], "VALUE_OUT_OF_RANGE"),
    "less than nothing": ([(CONDITIONS, "-1")], "VALUE_OUT_OF_RANGE"),
    "one input twice": ([(CONDITIONS, "20"), (CONDITIONS, "21")], "DUPLICATE_PLACE"),
}


@pytest.mark.parametrize(("changes", "problem"), UNFIT.values(), ids=UNFIT)
async def test_supposition_is_bound_by_the_rule_of_mutations_and_files(
    query: Query, changes: list[tuple[str, str]], problem: str
) -> None:
    """999 of 28 points, -1, and two values of one input: the same codes at every door, and where it stands."""
    rating = await table(query, "total")
    given = [{"organisationId": EIGHTH, "indicator": code, "value": value} for code, value in changes]
    answer = await query(WHAT_IF, {"rating": rating["id"], "changes": given}, viewer=COORDINATOR)
    told = answer.errors[0]["extensions"]

    assert (answer.codes, told["problem"]) == (["BAD_USER_INPUT"], problem)
    assert told["path"] == ["changes", len(changes) - 1]


async def test_supposition_of_the_most_and_the_least_is_none_too_many(query: Query) -> None:
    """The bounds themselves are values."""
    rating = await table(query, "total")
    for value in ("0", "28"):
        change = {"organisationId": EIGHTH, "indicator": CONDITIONS, "value": value}
        answer = await query(WHAT_IF, {"rating": rating["id"], "changes": [change]}, viewer=COORDINATOR)
        mine = [one for one in answer.data["whatIf"][0]["changes"] if one["organisationName"] == "Коркинский МР"]

        assert mine[0]["inputs"] == [{"before": "21", "after": value, "withheld": False}]


async def test_places_are_drawn_alike_for_the_same_seed_in_a_process_of_their_own(query: Query) -> None:
    """Every place lies within what was drawn, and a second time the same is drawn."""
    rating = await table(query, "total")
    answers = [await query(ROBUSTNESS, {"rating": rating["id"], "draws": 100}, viewer=COORDINATOR) for _ in range(2)]
    first, second = (answer.data["robustness"] for answer in answers)

    assert first == second
    assert len(first) == 43
    assert all(one["best"] <= one["low"] <= one["median"] <= one["high"] <= one["worst"] for one in first)


async def test_more_than_a_thousand_draws_are_refused(query: Query) -> None:
    """Said, not cut."""
    rating = await table(query, "total")
    answer = await query(ROBUSTNESS, {"rating": rating["id"], "draws": 1001}, viewer=COORDINATOR)

    assert answer.codes == ["BAD_USER_INPUT"]


async def test_same_inputs_give_the_version_that_stands(own_demo: Demo) -> None:
    """Computed again by the region's coordinator: no new version, the same bytes as the seed's."""
    standing = await table(own_demo.query, "total")
    payload = (await compute(own_demo)).data["computeRating"]

    assert payload["userErrors"] == []
    assert (payload["rating"]["id"], payload["rating"]["version"]) == (standing["id"], 1)
    assert payload["rating"]["digest"] == standing["digest"]


async def test_correction_makes_a_version_that_says_what_moved_and_the_past_can_be_replayed(own_demo: Demo) -> None:
    """One point more of conditions: a new version; as known before, the first one comes again to the byte."""
    before = clock.now().isoformat()
    first = await table(own_demo.query, "total")
    await decide(own_demo, UNLOCK, REGIONAL, REGION, reason="Ошибка в баллах")
    await record(own_demo, COORDINATOR, said(EIGHTH, CONDITIONS, PERIOD, value="22", version=1))
    second = (await compute(own_demo)).data["computeRating"]["rating"]
    await publish(own_demo, second["id"])
    replayed = (await compute(own_demo, asKnownAt=before)).data["computeRating"]["rating"]
    mine = await why(own_demo.query, COORDINATOR)
    stranger = await why(own_demo.query, None)

    assert (second["version"], second["previous"]) == (2, {"version": 1})
    assert second["digest"] != first["digest"]
    assert (replayed["id"], replayed["digest"]) == (first["id"], first["digest"])
    assert mine["explanation"]["sincePrevious"] == {
        "cause": "OWN_INPUTS",
        "places": 1,
        "rankBefore": 8,
        "rankAfter": 7,
        "inputs": [{"before": "21", "after": "22", "withheld": False}],
    }
    assert stranger["explanation"]["sincePrevious"]["inputs"] == [{"before": None, "after": None, "withheld": True}] * 3


async def test_recompute_of_the_past_is_never_the_newest(own_demo: Demo) -> None:
    """Of a day on which nothing was known: every place null. It is a version to look at, and the table stays."""
    standing = await table(own_demo.query, "total")
    past = (await compute(own_demo, asKnownAt="2020-01-01T00:00:00+00:00")).data["computeRating"]["rating"]
    await publish(own_demo, past["id"])
    newest = await table(own_demo.query, "total")
    again = (await compute(own_demo)).data["computeRating"]["rating"]
    await decide(own_demo, UNLOCK, REGIONAL, REGION, reason="Ошибка в баллах")
    await record(own_demo, COORDINATOR, said(EIGHTH, CONDITIONS, PERIOD, value="22", version=1))
    third = (await compute(own_demo)).data["computeRating"]["rating"]
    undecided = await table(own_demo.query, "total")
    await publish(own_demo, third["id"])

    assert (past["version"], past["previous"]) == (2, None)
    assert newest == undecided == standing
    assert (again["id"], again["version"]) == (standing["id"], 1)
    assert (third["version"], third["previous"]) == (3, {"version": 1})
    assert (await table(own_demo.query, "total"))["id"] == third["id"]


async def test_altered_data_are_warned_of_with_their_place(own_demo: Demo) -> None:
    """More points than the group can give, and points between two bands: named, and rated as they are."""
    await decide(own_demo, UNLOCK, REGIONAL, REGION, reason="Ошибка в баллах")
    rows = [
        said(EIGHTH, CONDITIONS, PERIOD, value="29", version=1),
        said(id_of("Organisation", "other-region-municipality"), CONDITIONS, PERIOD, value="16.5", version=1),
    ]
    await record(own_demo, REGIONAL, *rows)
    rating = (await compute(own_demo)).data["computeRating"]["rating"]
    remarks = own_demo.ask("select code, place from rating_remark where entry_id is not null")

    assert {("POINTS_OUT_OF_RANGE", "inputs.CHELYABINSK_CONDITIONS.Коркинский МР")} <= _pairs(rating["warnings"])
    assert ("POINTS_BETWEEN_BANDS", "conditions.33/2") in {(row.code, row.place) for row in remarks}


@pytest.mark.parametrize("viewer", [None, "teacher", COORDINATOR])
async def test_only_the_coordinator_of_the_region_rates_it(own_demo: Demo, viewer: str | None) -> None:
    """Not its municipalities, not strangers."""
    answer = await compute(own_demo, viewer)

    assert answer.codes == ["UNAUTHENTICATED" if viewer is None else "FORBIDDEN"]
    assert len(own_demo.ask("select from rating")) == 3


async def test_future_cannot_be_known(own_demo: Demo) -> None:
    """And an unreadable period rates nobody."""
    future = (await compute(own_demo, asKnownAt="2100-01-01T00:00:00+00:00")).data["computeRating"]
    unreadable = (await compute(own_demo, period="soon")).data["computeRating"]

    assert [error["code"] for error in future["userErrors"]] == ["AS_KNOWN_AT"]
    assert [error["code"] for error in unreadable["userErrors"]] == ["NOT_RATEABLE"]


def _pairs(found: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(one["code"], one["place"]) for one in found}

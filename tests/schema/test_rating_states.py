"""States of ratings: a draft is seen by those who answer for it, another person publishes, who withdraws says why."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import true
from sqlalchemy.exc import IntegrityError

from api.seed import broken_rules_of
from schema.engine.mapping import plan
from tests.schema.demo import Demo
from tests.schema.figures import (
    CONDITIONS,
    COORDINATOR,
    EIGHTH,
    PERIOD,
    REGION,
    REGIONAL,
    SECOND,
    UNLOCK,
    compute,
    decide,
    publish,
    record,
    said,
    withdraw,
)

pytestmark = pytest.mark.anyio

OTHER_REGION = "regional-coordinator"
ALL = """
  query ($region: ID!, $rating: ID!, $place: ID!) {
    rating(id: $rating) { state withdrawnBecause entries(first: 1) { totalCount } warnings { code } }
    node(id: $rating) { id }
    ratings(region: $region) { nodes { id version state } }
    newest: ratings(region: $region, newest: true) { nodes { version } }
    others: ratings(region: $region, newest: false) { nodes { version } }
    organisation(id: $place) { ratingEntries(section: "total", first: 50) { nodes { rating { version } rank } } }
  }
"""
FOR_ITSELF = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on RatingEntry { remarks { code } } } }"
READS = "openid education:read"
WHAT_IF = "query ($rating: ID!) { whatIf(ratingId: $rating, changes: []) { section } }"


async def draft(demo: Demo, value: str = "22", version: int = 1) -> dict[str, Any]:
    """Another version of the rating, made by the region's coordinator from one value more."""
    await decide(demo, UNLOCK, REGIONAL, REGION, reason="Ошибка в баллах")
    await record(demo, COORDINATOR, said(EIGHTH, CONDITIONS, PERIOD, value=value, version=version))
    return (await compute(demo)).data["computeRating"]["rating"]  # type: ignore[no-any-return]


async def looked(demo: Demo, rating: str, viewer: str | None) -> dict[str, Any]:
    """All doors at which somebody may meet a rating."""
    variables = {"region": REGION, "rating": rating, "place": EIGHTH}
    return (await demo.query(ALL, variables, viewer=viewer)).data


def met(seen: dict[str, Any]) -> tuple[list[int], list[int], list[int]]:
    """Versions in the list, among the newest, and among the places of the organisation."""
    return (
        [one["version"] for one in seen["ratings"]["nodes"]],
        [one["version"] for one in seen["newest"]["nodes"]],
        sorted(one["rating"]["version"] for one in seen["organisation"]["ratingEntries"]["nodes"]),
    )


@pytest.mark.parametrize("viewer", [None, "teacher", COORDINATOR, OTHER_REGION])
async def test_draft_is_invisible_to_everybody_who_does_not_answer_for_it(own_demo: Demo, viewer: str | None) -> None:
    """Neither by its id, nor in a list, nor as a place of an organisation, nor by ids of its entries and remarks."""
    made = await draft(own_demo)
    seen = await looked(own_demo, made["id"], viewer)
    parts = own_demo.ask(
        "select 'RatingEntry:' || e.id as id from rating_entry e join rating r on r.id = rating_id where not published"
        " union all"
        " select 'RatingRemark:' || m.id from rating_remark m join rating r on r.id = m.rating_id where not published"
    )
    asked = [row.id for row in parts][:3] + [row.id for row in parts][-3:]
    found = (await own_demo.query(FOR_ITSELF, {"ids": asked}, viewer=viewer)).data["nodes"]

    assert made["state"] == "DRAFT"
    assert (seen["rating"], seen["node"]) == (None, None)
    assert met(seen) == ([1], [1], [1])
    assert (len(asked), found) == (6, [None] * 6)


OPEN = "".join(
    f"drop policy reading on {table}; create policy reading on {table} for select to vhod_app using (true);"
    for table in ("rating", "rating_entry", "rating_remark")
)


async def test_both_executors_and_each_wall_alone_hide_a_draft(
    own_demo: Demo, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one statement or by many; without the filter of the application, and then without that of the database."""
    made = await draft(own_demo)
    compiled = await looked(own_demo, made["id"], COORDINATOR)
    request.getfixturevalue("by_reference")
    by_reference = await looked(own_demo, made["id"], COORDINATOR)
    plan.row_plan.cache_clear()
    with monkeypatch.context() as without:
        without.setattr(plan, "published", lambda *_: true())
        by_wall = await looked(own_demo, made["id"], COORDINATOR)
    plan.row_plan.cache_clear()
    own_demo.ask(OPEN)
    by_filter = await looked(own_demo, made["id"], COORDINATOR)
    supposed = await own_demo.query(WHAT_IF, {"rating": made["id"]}, viewer=COORDINATOR)

    assert compiled["rating"] is None
    assert met(compiled) == ([1], [1], [1])
    assert compiled == by_reference == by_wall == by_filter
    assert supposed.data == {"whatIf": None}


@pytest.mark.parametrize("viewer", [REGIONAL, SECOND])
async def test_draft_is_seen_by_those_who_answer_for_the_region(own_demo: Demo, viewer: str) -> None:
    """With its entries and doubts; the newest is the published one all the same."""
    made = await draft(own_demo)
    seen = await looked(own_demo, made["id"], viewer)

    assert (seen["rating"]["state"], seen["rating"]["entries"]["totalCount"]) == ("DRAFT", 172)
    assert seen["rating"]["warnings"]
    assert met(seen) == ([1, 2], [1], [1, 2])
    assert [one["version"] for one in seen["others"]["nodes"]] == [2]


@pytest.mark.parametrize(("scope", "versions"), [("openid", [1]), ("openid education:write", [1]), (READS, [1, 2])])
async def test_client_without_the_scope_to_read_shows_its_coordinator_no_draft(
    own_demo: Demo, scope: str, versions: list[int]
) -> None:
    """Published ratings are shown by every client; drafts are the coordinator's business."""
    await draft(own_demo)
    document = "query ($region: ID!) { ratings(region: $region) { nodes { version } } }"
    answer = await own_demo.query(document, {"region": REGION}, viewer=SECOND, scope=scope)

    assert [one["version"] for one in answer.data["ratings"]["nodes"]] == versions


async def test_nobody_supposes_about_a_draft_but_those_who_answer_for_it(own_demo: Demo) -> None:
    """The district is rated in it, and would learn its places."""
    made = await draft(own_demo)
    district = await own_demo.query(WHAT_IF, {"rating": made["id"]}, viewer=COORDINATOR)
    region = await own_demo.query(WHAT_IF, {"rating": made["id"]}, viewer=REGIONAL)

    assert district.data == {"whatIf": None}
    assert [one["permission"] for one in district.denied] == ["rating:suppose"]
    assert len(region.data["whatIf"]) == 4


async def test_who_has_it_computed_does_not_publish_it(own_demo: Demo) -> None:
    """Not by the mutation, and not past it; a second person does, once."""
    made = await draft(own_demo)
    own = (await publish(own_demo, made["id"], REGIONAL)).data["publishRating"]
    with pytest.raises(IntegrityError, match="somebody else must publish"):
        own_demo.ask(
            "insert into rating_decision (rating_id, region_id, action, decided_by_id)"
            " select id, region_id, 'PUBLISH', created_by_id from rating where not published"
        )
    published = (await publish(own_demo, made["id"])).data["publishRating"]
    twice = (await publish(own_demo, made["id"])).data["publishRating"]

    assert [(one["code"], one["path"]) for one in own["userErrors"]] == [("SECOND_PERSON", ["input", "ratingId"])]
    assert own["rating"] is None
    assert (published["rating"]["state"], published["userErrors"]) == ("PUBLISHED", [])
    assert published["rating"]["decidedAt"] is not None
    assert [one["code"] for one in twice["userErrors"]] == ["RATING_STATE"]


async def test_published_becomes_the_newest_for_everybody(own_demo: Demo) -> None:
    """And the one before it is among the others."""
    made = await draft(own_demo)
    await publish(own_demo, made["id"])
    seen = await looked(own_demo, made["id"], None)

    assert seen["rating"]["state"] == "PUBLISHED"
    assert met(seen) == ([1, 2], [2], [1, 2])
    assert [one["version"] for one in seen["others"]["nodes"]] == [1]


async def test_withdrawn_leaves_and_those_who_answer_for_it_read_why(own_demo: Demo) -> None:
    """The version before is the newest again; what is computed anew is a new version, though nothing has changed."""
    made = await draft(own_demo)
    await publish(own_demo, made["id"])
    blank = (await withdraw(own_demo, made["id"], " ")).data["withdrawRating"]
    answer = (await withdraw(own_demo, made["id"], "Ошибка в баллах", REGIONAL)).data["withdrawRating"]
    public, coordinator = await looked(own_demo, made["id"], None), await looked(own_demo, made["id"], SECOND)
    again = (await publish(own_demo, made["id"])).data["publishRating"]
    anew = (await compute(own_demo)).data["computeRating"]["rating"]

    assert [one["code"] for one in blank["userErrors"]] == ["REASON_NEEDED"]
    assert answer["rating"] == {"id": made["id"], "state": "WITHDRAWN", "withdrawnBecause": "Ошибка в баллах"}
    assert (public["rating"], public["node"], met(public)) == (None, None, ([1], [1], [1]))
    assert coordinator["rating"]["withdrawnBecause"] == "Ошибка в баллах"
    assert [one["code"] for one in again["userErrors"]] == ["RATING_STATE"]
    assert (anew["version"], anew["state"], anew["previous"], anew["digest"]) == (
        3, "DRAFT", {"version": 1}, made["digest"],
    )  # fmt: skip


async def test_the_version_before_is_the_one_that_was_published_before(own_demo: Demo) -> None:
    """A draft in between that was never published is not what a published rating is compared with."""
    between = await draft(own_demo)
    last = await draft(own_demo, "23", 2)
    published = (await publish(own_demo, last["id"])).data["publishRating"]["rating"]

    assert (between["version"], last["version"], last["previous"]) == (2, 3, {"version": 2})
    assert published["previous"] == {"version": 1}


@pytest.mark.parametrize("viewer", [None, "teacher", COORDINATOR, OTHER_REGION])
async def test_only_coordinators_of_the_region_decide(own_demo: Demo, viewer: str | None) -> None:
    """Also about a rating that they see: nothing is decided by anybody else."""
    standing = own_demo.ask("select id from rating where region_id is not null")[0].id
    answers = [await withdraw(own_demo, f"Rating:{standing}", viewer=viewer)]
    answers.append(await publish(own_demo, f"Rating:{standing}", viewer))

    refused = {(*answer.codes, *(_user_codes(answer))) for answer in answers}
    assert refused <= {("UNAUTHENTICATED",), ("FORBIDDEN",)}
    assert len(own_demo.ask("select from rating_decision")) == 3


def _user_codes(answer: Any) -> list[str]:
    payload = next(iter((answer.body.get("data") or {}).values()), None)
    return [error["code"] for error in (payload or {}).get("userErrors", [])]


async def test_decisions_are_audited(own_demo: Demo) -> None:
    """Computed, published and withdrawn."""
    made = await draft(own_demo)
    await publish(own_demo, made["id"])
    await withdraw(own_demo, made["id"])
    entries = own_demo.ask("select action from audit_entry where action like 'region:rating:%' order by action")

    assert [row.action for row in entries] == [
        "region:rating:compute",
        "region:rating:publish",
        "region:rating:withdraw",
    ]


async def test_published_rating_is_noted_for_those_who_follow_and_a_draft_is_not(own_demo: Demo) -> None:
    """One note, of the one that was published, when it was."""
    made = await draft(own_demo)
    drafted = own_demo.ask("select objects from vhod.outbox where kind = 'RATING'")
    await publish(own_demo, made["id"])
    await withdraw(own_demo, made["id"])
    told = own_demo.ask("select objects from vhod.outbox where kind = 'RATING'")

    assert drafted == []
    assert [[f"Rating:{key}" for key in row.objects] for row in told] == [[made["id"]]]


async def test_soundness_knows_the_states_and_what_breaks_them(own_demo: Demo) -> None:
    """Draft, published and withdrawn are sound; a state that no decision made is not."""
    made = await draft(own_demo)
    own_demo.must_be_sound()
    await publish(own_demo, made["id"])
    own_demo.must_be_sound()
    await withdraw(own_demo, made["id"])
    own_demo.must_be_sound()
    own_demo.ask("update rating set state = 'PUBLISHED', published = true, withdrawn_because = null where version = 2")

    broken = broken_rules_of(own_demo.database.owner_url, references=False)
    own_demo.ask(
        "update rating set state = 'WITHDRAWN', published = false, withdrawn_because = :why where version = 2",
        why="Ошибка в данных",
    )

    assert broken == {"ratings stand as was decided": 1}


async def test_a_retry_publishes_once(own_demo: Demo) -> None:
    """The same key gives the same answer."""
    made = await draft(own_demo)
    document = (
        "mutation ($i: PublishRatingInput!) { publishRating(input: $i) { rating { state } userErrors { code } } }"
    )
    given = {"i": {"clientMutationId": str(uuid4()), "ratingId": made["id"]}}
    answers = [(await own_demo.query(document, given, viewer=SECOND)).data["publishRating"] for _ in range(2)]

    assert answers == [{"rating": {"state": "PUBLISHED"}, "userErrors": []}] * 2
    assert len(own_demo.ask("select from rating_decision where decided_by_id is not null")) == 1

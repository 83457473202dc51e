"""Whoever follows ratings hears of those that are published, when they are, and of no draft."""

from typing import Any

import pytest

from tests.schema.events.conftest import Live
from tests.schema.events.followers import data
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
)

pytestmark = pytest.mark.anyio

RATINGS = "subscription Ratings($since: String) { ratingComputed(since: $since) { cursor ratings { id state } } }"


async def draft(live: Live, value: str, version: int) -> str:
    """Another version of the rating, of which nobody is told yet."""
    if version == 1:
        await decide(live.demo, UNLOCK, REGIONAL, REGION, reason="Ошибка в баллах")
    await record(live.demo, COORDINATOR, said(EIGHTH, CONDITIONS, PERIOD, value=value, version=version))
    made: dict[str, Any] = (await compute(live.demo)).data["computeRating"]["rating"]
    return made["id"]  # type: ignore[no-any-return]


async def test_follower_is_told_of_published_ratings_only(live: Live) -> None:
    """Of two drafts the second is published first: it is the first that anybody hears of, coordinators included."""
    async with live.socket("teacher") as teacher, live.socket(SECOND) as coordinator:
        begun = [data(await one.subscribe(RATINGS)) for one in (teacher, coordinator)]
        first, second = await draft(live, "22", 1), await draft(live, "23", 2)
        await publish(live.demo, second)
        heard = [data(await one.hear())["ratings"] for one in (teacher, coordinator)]
        await publish(live.demo, first)
        later = [data(await one.hear())["ratings"] for one in (teacher, coordinator)]

    assert [one["ratings"] for one in begun] == [[], []]
    assert heard == [[{"id": second, "state": "PUBLISHED"}]] * 2
    assert later == [[{"id": first, "state": "PUBLISHED"}]] * 2

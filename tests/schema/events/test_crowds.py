"""Crowds: many who begin to follow at once neither starve requests nor wait for them, nor do they delay news."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.schema.events.conftest import Child, Live
from tests.schema.events.followers import DIARY, RIGHTS, data
from tests.schema.writing import Pen

pytestmark = pytest.mark.anyio


async def test_following_begins_while_requests_hold_every_connection(live: Live) -> None:
    """It has connections of its own, also for finding out who follows."""
    services = live.demo.app.state.services
    services.viewers._kept.clear()
    async with AsyncExitStack() as held, live.socket("deputy-head") as socket:
        for _ in range(services.engine.pool.size()):
            await held.enter_async_context(services.engine.connect())
        first = data(await socket.subscribe(RIGHTS))

    assert first["me"]["standing"] == "ACTIVE"


async def test_news_passes_those_who_wait_to_begin(live: Live, pen: Pen, child: Child) -> None:
    """Whoever follows already hears at once; whoever waits begins when there is room, however late."""
    pen.clear("2026-11-20")
    lesson = (await pen.lesson("2026-11-20"))["id"]
    openings = live.subscriptions.deliveries._readings.openings
    async with live.socket("legal-representative") as early, live.socket("legal-representative") as late:
        data(await early.subscribe(DIARY, id=child.student))
        async with AsyncExitStack() as held:
            while not openings.locked():
                await held.enter_async_context(openings)
            waiting = asyncio.create_task(late.subscribe(DIARY, id=child.student))
            await pen.do("writeMark", lineId=child.line, lessonId=lesson, value=2)
            news = data(await early.hear())
            begun_before = waiting.done()
        first = data(await waiting)

    assert [change["object"]["value"] for change in news["changes"]] == [2]
    assert not begun_before
    assert first["changes"] == []

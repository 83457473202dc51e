"""Whoever follows something hears of it at once, and of nothing else."""

import pytest

from tests.events.conftest import Child
from tests.events.followers import DIARY, PAGE, data, following
from tests.schema.demo import Demo
from tests.schema.writing import FLAGSHIP, Pen

pytestmark = pytest.mark.anyio


async def test_a_mark_reaches_the_parent_and_the_teacher(own_demo: Demo, own_pen: Pen, port: int, child: Child) -> None:
    """Each is told the object that changed, read again under rights of their own."""
    own_pen.clear("2026-11-20")
    lesson = await own_pen.lesson("2026-11-20")
    async with (
        following(port, await own_demo.token("legal-representative")) as parent,
        following(port, await own_demo.token("teacher")) as teacher,
    ):
        begun = data(await parent.subscribe(DIARY, id=child.student))
        data(await teacher.subscribe(PAGE, id=FLAGSHIP))
        await own_pen.do("writeMark", lineId=child.line, lessonId=lesson["id"], value=2)
        told, page = data(await parent.hear()), data(await teacher.hear())

    assert begun["changes"] == []
    assert not begun["resyncRequired"]
    [change] = told["changes"]
    assert (change["kind"], change["gone"], change["object"]["value"]) == ("MARK", False, 2)
    assert page["changes"] == told["changes"]

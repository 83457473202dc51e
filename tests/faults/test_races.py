"""Races over real HTTP against a server of two processes: one wins, everybody is told, nothing is lost."""

import asyncio
from uuid import uuid4

import pytest

from tests.faults.clients import UnknownError, cell, page_input
from tests.faults.conftest import Open
from tests.faults.ground import PAGE, WRITERS, Site
from tests.faults.soundness import Ledger, faults

pytestmark = pytest.mark.anyio


def history(site: Site, lesson: str) -> list[tuple[int | None, int]]:
    """Values and versions of the marks of a lesson, oldest first."""
    return site.ask("select value, version from mark_version where lesson_id = %s order by version", [lesson])


async def test_two_who_race_for_a_mark_one_wins_and_the_other_is_told(site: Site, client: Open) -> None:
    """Three times: the loser learns what stands, keeps the refused mark, sends again; history has both."""
    hands = [await client(viewer) for viewer in WRITERS]
    lessons, line = site.lessons(3), site.lines()[0]
    for lesson in lessons:
        place = {
            "lineId": f"JournalLine:{line}",
            "lessonId": f"Lesson:{lesson}",
            "reason": "Гонка",
            "keepRefused": True,
        }
        answers = await asyncio.gather(
            *(hand.insist("writeMark", **place, value=5 - n) for n, hand in enumerate(hands))
        )
        [lost] = [n for n, answer in enumerate(answers) if answer["userErrors"]]
        [error] = answers[lost]["userErrors"]
        won = answers[1 - lost]["mark"]
        again = await hands[lost].insist("writeMark", **place, value=5 - lost, version=error["currentVersion"])

        assert (error["code"], error["currentVersion"]) == ("VERSION_CONFLICT", 1)
        assert error["current"] == won
        assert [(kept["value"], kept["refusedWith"]) for kept in answers[lost]["keptMarks"]] == [
            (5 - lost, "VERSION_CONFLICT")
        ]
        assert (again["userErrors"], again["mark"]["version"]) == ([], 2)
        assert history(site, lesson) == [(4 + lost, 1), (5 - lost, 2)]
    assert faults(site) == []


async def test_twenty_clients_hammer_one_page(site: Site, client: Open) -> None:
    """Each writes cells that others write too, until it is done or refused; everything is there that was told."""
    hands = [await client(WRITERS[n % 2]) for n in range(20)]
    lessons, lines, ledger = site.lessons(2), site.lines()[:4], Ledger()

    async def hammer(number: int) -> None:
        for turn in range(2):
            key = str(uuid4())
            cells = {line: [cell(lessons[turn], 1 + number % 5, remark=key)] for line in lines}
            ledger.sent[key] = len(lines)
            answer = await hands[number].insist("writeJournalPage", **page_input(cells, key))
            (ledger.refused if answer["userErrors"] else ledger.done).add(key)

    await asyncio.gather(*map(hammer, range(20)))

    assert len(ledger.done) == 2
    assert len(ledger.refused) == 38
    assert ledger.lies(site) == []
    assert faults(site) == []


async def test_same_key_sent_ten_times_at_once_acts_once(site: Site, client: Open) -> None:
    """All ten are told the same; there is one version of each mark and one audit entry."""
    hands = [await client("teacher") for _ in range(10)]
    [lesson], lines, key = site.lessons(1), site.lines(), str(uuid4())
    given = page_input({line: [cell(lesson, 5)] for line in lines}, key)
    answers = await asyncio.gather(*(hand.insist("writeJournalPage", **given) for hand in hands))

    assert answers == [answers[0]] * 10
    assert answers[0]["userErrors"] == []
    assert answers[0]["journal"] is not None
    assert history(site, lesson) == [(5, 1)] * len(lines)
    assert faults(site) == []


async def test_same_key_for_something_else_is_refused_also_at_the_same_moment(site: Site, client: Open) -> None:
    """Two different pages under one key: one is written, the other is told KEY_REUSED and writes nothing."""
    hands = [await client("teacher") for _ in range(2)]
    lessons, line, key = site.lessons(2), site.lines()[0], str(uuid4())
    given = [page_input({line: [cell(lesson, 5)]}, key) for lesson in lessons]
    answers = await asyncio.gather(*(h.insist("writeJournalPage", **g) for h, g in zip(hands, given, strict=True)))
    codes = [[error["code"] for error in answer["userErrors"]] for answer in answers]

    assert sorted(codes) == [[], ["KEY_REUSED"]]
    assert [len(history(site, lesson)) for lesson in lessons] == [int(not code) for code in codes]


CROSSING = """
mutation Crossing($i: WriteJournalPageInput!, $j: WriteJournalPageInput!) {
  one: writeJournalPage(input: $i) { journal { id } userErrors { code } }
  two: writeJournalPage(input: $j) { journal { id } userErrors { code } }
}
"""


async def test_crossing_documents_end_with_everything_written(site: Site, client: Open) -> None:
    """Each document writes two pages, half of them in the opposite order: whoever waits too long is BUSY, not lost."""
    hands = [await client("deputy-head") for _ in range(4)]
    pages = [PAGE, site.other_page()]
    keys = [[str(uuid4()) for _ in pages] for _ in hands]
    inputs = [
        [page_input({site.lines(page)[0]: [cell(site.lessons(1, page)[0], 5)]}, key, f"Journal:{page}")
         for key, page in zip(own, pages, strict=True)]
        for own in keys
    ]  # fmt: skip

    async def write(number: int) -> set[str]:
        one, two = inputs[number] if number % 2 else inputs[number][::-1]
        headers = {"Authorization": f"Bearer {await hands[number].token()}"}
        body = {"query": CROSSING, "variables": {"i": one, "j": two}}
        codes: set[str] = set()
        for _ in range(20):
            answer = (await hands[number].http.post("/graphql", json=body, headers=headers)).json()
            if "errors" not in answer:
                assert [field["userErrors"] for field in answer["data"].values()] == [[], []]
                return codes
            codes |= {error["extensions"]["code"] for error in answer["errors"]}
        raise AssertionError(f"never written: {codes}")

    codes = await asyncio.gather(*map(write, range(4)))
    counted = site.ask("select count(*) from mark_version where reason = any(%s)", [[k for own in keys for k in own]])

    assert set().union(*codes) <= {"BUSY", "UNAVAILABLE"}
    assert counted == [(8,)]
    assert faults(site) == []


async def test_page_that_somebody_holds_for_too_long_is_busy_and_nothing_is_written(site: Site, client: Open) -> None:
    """The code says that trying again is safe; the same key works after."""
    hand, [lesson], line, key = await client("teacher"), site.lessons(1), site.lines()[0], str(uuid4())
    given = page_input({line: [cell(lesson, 5)]}, key)
    with site.connect() as holder:
        holder.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [PAGE])
        with pytest.raises(UnknownError):
            await hand.once("writeJournalPage", given)
        meanwhile = (history(site, lesson), site.ask("select 1 from mutation_key where key = %s", [key]))
    again = await hand.once("writeJournalPage", given, 1)

    assert hand.told == ["BUSY"]
    assert meanwhile == ([], [])
    assert again["userErrors"] == []
    assert history(site, lesson) == [(5, 1)]

"""Rounds of random writes through both doors, and every difference in what was said or in what stands."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.doors import pages, people
from tests.doors.ground import MAKE_UP, PAGE, SCHOOL, TODAY, Sides

ROWS = 20
OF_PEOPLE = 0.2
MOST_DIFFERENCES = 5


@dataclass
class Survey:
    """How much was written, what was said of it, and what differed."""

    writes: int = 0
    accepted: int = 0
    said: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def add(self, what: str, by_pen: set[str], by_file: set[str]) -> None:
        """Count one write."""
        self.writes += 1
        self.accepted += not by_pen
        self.said.update(one.split()[0] for one in by_pen)
        if by_pen != by_file:
            self.differences.append(f"{what}: the pen says {sorted(by_pen)}, the file {sorted(by_file)}")

    def compare(self, what: str, pen: Counter[Any], file: Counter[Any]) -> None:
        """Compare what stands on the two sides."""
        if pen != file:
            ours, theirs = list((pen - file).elements())[:3], list((file - pen).elements())[:3]
            self.differences.append(f"{what}: only by the pen {ours}, only by the file {theirs}")


async def run(sides: Sides, writes: int, seed: int, tell: Callable[[Survey], None] = lambda _: None) -> Survey:
    """Write so much, the same on both sides; ends at 5 differences."""
    dice, survey, number = random.Random(seed), Survey(), 0
    while survey.writes < writes and len(survey.differences) < MOST_DIFFERENCES:
        number += 1
        rows = min(ROWS, writes - survey.writes)
        if dice.random() < OF_PEOPLE:
            await _people(sides, dice, survey, min(rows, 8), number)
        else:
            await _page(sides, dice, survey, rows)
        tell(survey)
    return survey


async def _page(sides: Sides, dice: random.Random, survey: Survey, rows: int) -> None:
    lessons = sides.pen.ask(pages.LESSONS, page=PAGE[8:], code=MAKE_UP)
    students = sides.pen.ask(pages.LINES, page=PAGE[8:])
    batch = pages.a_batch(dice, lessons, students, rows, TODAY)
    for (line, cells), *said in zip(batch.rows, *await pages.write(sides, batch), strict=True):
        days = [f"{lesson.held_on}/{lesson.place}" for lesson in batch.lessons]
        told = dict(zip(days, [cell.printed for cell in cells], strict=True))
        survey.add(f"line {line.number}, {'made up, ' if batch.made_up else ''}{told}", *said)
    survey.compare("page", *map(pages.stands, sides.both))


async def _people(sides: Sides, dice: random.Random, survey: Survey, most: int, number: int) -> None:
    classes = sides.pen.ask(people.CLASSES, school=SCHOOL[13:])
    wishes = people.some_wishes(dice, sides.pen.ask(people.STUDENTS), classes, most, number)
    day = people.a_day(dice)
    for wish, *said in zip(wishes, *await people.write(sides, day, wishes), strict=True):
        survey.add(f"{' '.join(wish.name)} into {wish.group.name} from {day}", *said)
    survey.compare("people", *map(people.stands, sides.both))

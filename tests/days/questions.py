"""All that the pages, the door and GraphiQL ask and that changes nothing; as whom."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import api.door.examples
import api.graphiql.examples
from api.seed.ids import MAIN, PUBLISHED_CLASS, pupil_id
from domain import clock
from tests.api.finding import found_for, viewer_of
from tests.clock import ZONE
from tests.days.shapes import shape
from tests.documents.steps import CHECKOUT, questions
from tests.schema.demo import Demo

PAGES = ("README.md", "docs/tour.md")
NAMES_A_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
AT_THE_DOOR = ("teacher", "legal-representative", "deputy-head")
PUBLISHED_YEARS = re.compile(r"schoolYear: 202[24]\b")
PUBLISHED = pupil_id(MAIN, PUBLISHED_CLASS, "of-parent")
EXAMPLES = api.graphiql.examples.load_examples()


class Asked(NamedTuple):
    """A question with a name of its own, who asks, and with which variables."""

    name: str
    document: str
    viewer: str | None
    variables: dict[str, Any] | None = None


async def shapes_of(demo: Demo) -> dict[str, set[str]]:
    """What each question shows here, by its name; to parents the published pages as long as their child is one."""
    found = {}
    grown_up = adult_on(demo) <= clock.today(ZONE)
    for asked in [*of_pages(), *at_the_door(), *await of_graphiql(demo)]:
        if grown_up and asked.viewer == "legal-representative" and PUBLISHED_YEARS.search(asked.document):
            continue
        await demo.flush()  # who has looked is written in batches; here each question follows those before it
        answer = await demo.query(asked.document, asked.variables, asked.viewer)
        assert answer.errors == [], (asked.name, answer.errors)
        found[asked.name] = set(shape(answer.data))
    return found


def adult_on(demo: Demo) -> date:
    """The day on which the pupil of the published pages, who grows up as the years go by, is 18."""
    [[day]] = demo.ask("select vhod.birthday(birth_date, 18) from person where id = :id", id=PUBLISHED)
    found: date = day
    return found


def of_pages() -> Iterator[Asked]:
    """The README and the tour: what names no day and no lesson of a day."""
    for page in PAGES:
        for question in questions(CHECKOUT / page):
            viewers = dict.fromkeys([question.viewer, *(shown.viewer for shown in question.shown)])
            of_any_day = question.variables is None and not NAMES_A_DAY.search(question.document)
            for viewer in viewers if question.viewer and of_any_day else ():
                name = f"{page}:{question.line}, {viewer}"
                yield Asked(name, question.document, None if viewer == "anonymous" else viewer)


def at_the_door() -> Iterator[Asked]:
    """The examples of the first page."""
    for example in api.door.examples.load_examples(demo=True):
        for viewer in AT_THE_DOOR:
            yield Asked(f"{example.title}, {viewer}", example.document, viewer)


async def of_graphiql(demo: Demo) -> list[Asked]:
    """The examples of GraphiQL that only read."""
    reading = [one for one in EXAMPLES if one.document.startswith("query ")]
    found = []
    for example in reading:
        viewer = viewer_of(example)
        found.append(Asked(example.title, example.document, viewer, await found_for(demo, example, viewer)))
    return found

"""The values of an example's variables, as the page finds them: the twin of api/graphiql/source/finding.js."""

from typing import Any
from uuid import uuid4

from api.graphiql.examples import Example
from domain import clock
from tests.clock import ZONE
from tests.schema.demo import Demo

# Nothing of the demo region is entered for the coordinator of Емельяново: these are of use to another one.
VIEWERS = {"Наше место в рейтинге": "korkino-coordinator", "Наши показатели": "korkino-coordinator"}


def viewer_of(example: Example) -> str:
    """The demo person whom an example is for."""
    return VIEWERS.get(example.title, example.role.lower().replace("_", "-"))


async def found_for(demo: Demo, example: Example, viewer: str) -> dict[str, Any]:
    """Values of an example's variables for a person; each must be there."""
    found = (await demo.query(example.finding, viewer=viewer)).data if example.finding else {}
    variables = {name: value_at(found, path) for name, path in example.variables.items()}
    assert None not in variables.values(), variables
    return variables


def value_at(found: Any, path: str) -> Any:
    """What stands at a path of the answer."""
    if path == "new":
        return str(uuid4())
    if path == "today":
        return clock.today(ZONE).isoformat()
    for name in path.split("."):
        found = step(found, name)
    return found


def step(value: Any, name: str) -> Any:
    """One step of a path; `?a/b`: the first item whose a.b is there and true."""
    if not value:
        return None
    if name.startswith("?"):
        return next((item for item in value if holds(item, name[1:].split("/"))), None)
    return value[int(name)] if isinstance(value, list) else value.get(name)


def holds(part: Any, keys: list[str]) -> bool:
    """Whether the part at this path is there and true; of a list on the way one item is enough."""
    if isinstance(part, list):
        return any(holds(item, keys) for item in part)
    return holds((part or {}).get(keys[0]), keys[1:]) if keys else bool(part)

"""Ask N generated documents as everybody, by both executors, and print what was reached and every difference.

python -m tests.compiled.differ N [seed]
"""

import asyncio
import json
import sys
import time

from graphql import GraphQLSchema
from sqlalchemy import make_url

from api.postgres import private_postgres
from schema.engine.compiled.execute import CompiledReads
from schema.engine.compiled.reasons import NotCompiled, Reason
from tests.access.cases import Cases
from tests.access.contract import places
from tests.access.door import open_door
from tests.access.flip import FOLDER
from tests.access.world import build_world
from tests.compiled.both import Both
from tests.compiled.generator import coordinates
from tests.compiled.rounds import Rounds, open_rounds
from tests.compiled.survey import Survey
from tests.conftest import DatabaseServer


async def run(owner_url: str, count: int, seed: int) -> int:
    """Run the documents over a database of their own. Gives the number of differences."""
    world = build_world(owner_url)
    async with open_door(owner_url) as door:
        contract = door.services.contract
        async with open_rounds(door, world, Cases(world, places(contract.graphql))) as rounds:
            _tell_of_failures(door.services.read_path.reads)
            started = time.monotonic()
            survey = await rounds.run(count, seed, tell=_tell)
            coverage = demanded(contract.graphql, rounds)
    for who, both in survey.differences:
        _show(who, both)
    _tell(survey)
    _tell_of_coverage(survey, coverage)
    print(f"{count} documents in {time.monotonic() - started:.0f} s")  # noqa: T201
    return len(survey.differences)


def demanded(schema: GraphQLSchema, rounds: Rounds) -> dict[str, list[str]]:
    """Everything to be reached, by kind: what a compiled query can ask for, and all that somebody is refused of it."""
    fields = [".".join(one) for one in coordinates(schema)]
    return {"fields": fields, "arguments": rounds.arguments(), "denied": sorted({*rounds.refused()} & {*fields})}


def _tell(survey: Survey) -> None:
    print("\n".join(survey.lines()), flush=True)  # noqa: T201


def _tell_of_coverage(survey: Survey, coverage: dict[str, list[str]]) -> None:
    reached = survey.reached
    found = {"fields": reached.fields, "arguments": reached.arguments, "denied": survey.denied}
    for what, counts in [*found.items(), ("with a value", reached.valued)]:
        wanted = coverage.get(what, coverage["fields"])
        missing = [name for name in wanted if not counts[name]]
        print(f"{what}: {len(wanted) - len(missing)} of {len(wanted)}; not:", ", ".join(missing) or "none")  # noqa: T201


def _show(who: str, both: Both) -> None:
    print(f"--- as {who}\n{both.request.text}\n{json.dumps(both.request.variables, ensure_ascii=False)}")  # noqa: T201
    for name, found in (("compiled", both.compiled), ("reference", both.reference)):
        print(f"{name}: {json.dumps(found, ensure_ascii=False, default=str)[:4000]}")  # noqa: T201


def _tell_of_failures(reads: CompiledReads) -> None:
    """Print why a statement failed: on a busy machine it may have run out of time, which is no difference."""
    passes = reads.passes

    def told(refused: NotCompiled) -> None:
        if refused.reason in (Reason.DATABASE, Reason.DEFECT):
            print(f"--- {refused}", flush=True)  # noqa: T201
        passes(refused)

    reads.passes = told  # type: ignore[method-assign]


def main() -> None:
    """Copy the template and begin."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with private_postgres(FOLDER, durable=False) as postgres:
        server = DatabaseServer(make_url(postgres.url("postgres", "postgres")), private=True)
        with server.clone(server.template()) as url:
            sys.exit(1 if asyncio.run(run(url, count, seed)) else 0)


if __name__ == "__main__":
    main()

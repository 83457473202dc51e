"""Examine every pair of roles, some at a time, each part in a world of its own.

`python -m tests.access.pairs [numbers of parts, or pairs: ROLE+ROLE]`

Ordinary builds try the pairs of `world.COVERING`; this is for the night. Prints what differs; gives 1 when any does.
"""

import asyncio
import sys

from sqlalchemy import make_url

from api.postgres import private_postgres
from schema import build_schema
from tests.access.cases import Cases
from tests.access.contract import places
from tests.access.door import open_door, patience
from tests.access.examination import examine
from tests.access.flip import FOLDER
from tests.access.world import ALL_PAIRS, Pair, build_world
from tests.conftest import DatabaseServer

PART = 30
"""Pairs in one world: each of them is several rows more that all others are asked for."""


async def run(owner_url: str, pairs: tuple[Pair, ...]) -> int:
    """Examine pairs over a database of their own. Gives the number that differ."""
    cases, differing = Cases(build_world(owner_url, pairs), places(build_schema().graphql)), 0
    async with open_door(owner_url) as door:
        for first, second in pairs:
            problems = await examine(door, cases.of(f"{first}+{second}"), cases.items())
            differing += bool(problems)
            print(f"{first}+{second}: {problems[:3] or 'as expected'}", flush=True)  # noqa: T201
    return differing


def main() -> int:
    """Run over the private server of the tests: all parts, or the one that is named."""
    parts = [ALL_PAIRS[start : start + PART] for start in range(0, len(ALL_PAIRS), PART)]
    named = tuple(pair for pair in ALL_PAIRS if "+".join(pair) in sys.argv[1:])
    wanted = [parts[int(word)] for word in sys.argv[1:] if word.isdigit()] + [named] * bool(named) or parts
    differing = 0
    with private_postgres(FOLDER, durable=False) as server:
        databases = DatabaseServer(make_url(server.url("postgres", "postgres")), private=True)
        for part in wanted:
            with databases.clone(databases.template()) as url, patience():
                differing += asyncio.run(run(url, part))
    print(f"{sum(map(len, wanted))} pairs of roles, {differing} differ")  # noqa: T201
    return min(differing, 1)


if __name__ == "__main__":
    sys.exit(main())

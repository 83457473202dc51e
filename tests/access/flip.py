"""Flip every rule of the tables of access and print how many flips the behaviour tests notice: the kill rate.

python -m tests.access.flip [words that the names of the flips must hold]
"""

import asyncio
import sys
import time
from pathlib import Path

from sqlalchemy import make_url

from api.postgres import private_postgres
from tests.access.door import patience
from tests.access.flips import Flip, all_flips
from tests.access.trial import REFUSED, open_trial
from tests.conftest import DatabaseServer

VERBOSE = "-v" in sys.argv
FOLDER = Path(__file__).parents[2] / ".state" / "postgres-tests"


async def run(owner_url: str, words: list[str]) -> int:
    """Run the flips over a database of their own. Gives the number of survivors."""
    async with open_trial(owner_url) as trial:
        for one in sorted(await trial.learn())[:20]:
            print("differs without any flip:", one, flush=True)  # noqa: T201
        flips = [
            one
            for one in all_flips(trial.doors["bare"].services.contract.types, trial.roots())
            if all(w in one.name for w in words)
        ]
        survivors: list[Flip] = []
        wrongly: list[str] = []
        started, at_start = time.monotonic(), 0
        for flip in flips:
            began = time.monotonic()
            noticed = await trial.notices(flip)
            if VERBOSE:
                print(f"{time.monotonic() - began:5.1f} s {flip.name}: {noticed[:160]}", flush=True)  # noqa: T201
            if flip.excused and noticed and not noticed.startswith(REFUSED):
                wrongly.append(f"{flip.name}: {noticed}")
            at_start += not flip.excused and noticed.startswith(REFUSED)
            if not flip.excused and not noticed:
                survivors.append(flip)
                print("SURVIVES:", flip.name, flush=True)  # noqa: T201
        _report(flips, survivors, wrongly, time.monotonic() - started)
        print(f"     of these {at_start} by the server's refusal to start, all others by answers")  # noqa: T201
    return len(survivors) + len(wrongly)


def _report(flips: list[Flip], survivors: list[Flip], wrongly: list[str], seconds: float) -> None:
    counted = [one for one in flips if not one.excused]
    caught = len(counted) - len(survivors)
    for name in wrongly:
        print("excused, and yet noticed:", name)  # noqa: T201
    reasons: dict[str, int] = {}
    for one in flips:
        if one.excused:
            reasons[one.excused] = reasons.get(one.excused, 0) + 1
    for reason, count in sorted(reasons.items()):
        print(f"{count:4} not counted: {reason}")  # noqa: T201
    rate = 100 * caught / len(counted) if counted else 100.0
    print(f"{len(counted)} rules flipped, {caught} caught (kill rate {rate:.1f} %), {seconds:.0f} s")  # noqa: T201


def main() -> int:
    """Run over the private server of the tests."""
    with private_postgres(FOLDER, durable=False) as server:
        databases = DatabaseServer(make_url(server.url("postgres", "postgres")), private=True)
        with databases.clone(databases.template()) as url, patience():
            return min(asyncio.run(run(url, [word for word in sys.argv[1:] if word != "-v"])), 1)


if __name__ == "__main__":
    sys.exit(main())

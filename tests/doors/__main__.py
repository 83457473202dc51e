"""`python -m tests.doors --writes 5000`: random writes through mutation and file; what differs is told, and fails."""

import argparse
import asyncio
import io
import random
import sys

from sqlalchemy import make_url

from api.logs import configure_logs
from api.postgres import private_postgres
from api.settings import LogFormat
from tests.clock import USUAL, install, standing_at
from tests.conftest import CHECKOUT, DatabaseServer
from tests.doors.ground import two_sides
from tests.doors.rounds import Survey, run
from tests.schema.demo import seeded_template


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m tests.doors", description=__doc__)
    parser.add_argument("--writes", type=int, default=5000, help="how many (default: 5000)")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="number that chance begins from")
    asked = parser.parse_args()
    install()
    configure_logs(LogFormat.TEXT, io.StringIO())
    say(f"seed {asked.seed}")
    with private_postgres(CHECKOUT / ".state" / "postgres-doors", durable=False) as postgres:
        server = DatabaseServer(make_url(postgres.url("postgres", "postgres")), private=True)
        with standing_at(USUAL), seeded_template(server, server.template()) as seeded:
            survey = asyncio.run(rounds(server, seeded, asked.writes, asked.seed))
    say(f"accepted {survey.accepted}; refused: " + ", ".join(f"{n} {code}" for code, n in survey.said.most_common()))
    for difference in survey.differences:
        say(difference)
    say(f"{survey.writes} writes, {len(survey.differences)} differences")
    sys.exit(1 if survey.differences else 0)


async def rounds(server: DatabaseServer, seeded: str, writes: int, seed: int) -> Survey:
    """All of it on two fresh copies."""
    told = 0

    def tell(survey: Survey) -> None:
        nonlocal told
        if survey.writes // 500 > told:
            told = survey.writes // 500
            say(f"{survey.writes} writes, {len(survey.differences)} differences so far")

    async with two_sides(server, seeded) as sides:
        return await run(sides, writes, seed, tell)


def say(line: str) -> None:
    """Tell at once."""
    print(line, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main()

"""Flip every rule of the tables of access and print how many flips the behaviour tests notice: the kill rate.

python -m tests.access.flip [-v] [words that the names or kinds of the flips must hold, or `-word`: must not]
"""

import asyncio
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from api.postgres import private_postgres
from tests.access.door import patience
from tests.access.flips import Flip, all_flips
from tests.access.trial import REFUSED, DiffersAnywayError, Trial, open_trial
from tests.conftest import DatabaseServer

FOLDER = Path(__file__).parents[2] / ".state" / "postgres-tests"


@dataclass
class Tally:
    """What became of the flips of one table."""

    caught: int = 0
    at_start: int = 0
    survived: int = 0
    seconds: float = 0
    excused: dict[str, int] = field(default_factory=dict)
    wrongly: int = 0
    """Left out with a reason, and yet noticed: the reason is wrong."""

    def add(self, flip: Flip, noticed: str, seconds: float) -> str:
        """Count it; gives what is to be told of it, if anything is."""
        self.seconds += seconds
        by_start = noticed.startswith(REFUSED)
        if flip.excused:
            self.excused[flip.excused] = self.excused.get(flip.excused, 0) + 1
            self.wrongly += bool(noticed) and not by_start
            return f"excused, and yet noticed: {noticed}" if noticed and not by_start else ""
        self.caught += bool(noticed)
        self.at_start += by_start
        self.survived += not noticed
        return "" if noticed else "SURVIVES"


async def run(owner_url: str, words: list[str], *, verbose: bool) -> int:
    """Run the flips over a database of their own. Gives the number of survivors, and of reasons that are wrong."""
    tallies: dict[str, Tally] = {}
    async with open_trial(owner_url) as trial:
        for flip in chosen(trial, words):
            began = time.monotonic()
            try:
                noticed = await trial.notices(flip)
            except DiffersAnywayError as error:
                noticed = ""
                print(f"differs without any flip: {error}", flush=True)  # noqa: T201
            spent = time.monotonic() - began
            told = tallies.setdefault(flip.table, Tally()).add(flip, noticed, spent)
            if told or verbose:
                print(f"{spent:5.1f} s {flip.table}: {flip.name}: {(told or noticed)[:200]}", flush=True)  # noqa: T201
    _report(tallies)
    return sum(one.survived + one.wrongly for one in tallies.values())


def chosen(trial: Trial, words: Iterable[str]) -> list[Flip]:
    """The flips with all these words, and without those that begin with a minus."""
    wanted = [word for word in words if not word.startswith("-")]
    unwanted = [word[1:] for word in words if word.startswith("-")]
    return [
        one
        for one in all_flips(trial.doors["bare"].services.contract.types, trial.roots())
        for name in [f"{one.table}: {one.name}"]
        if all(word in name for word in wanted) and not any(word in name for word in unwanted)
    ]


def _report(tallies: dict[str, Tally]) -> None:
    reasons: dict[str, int] = {}
    for table, one in tallies.items():
        counted = one.caught + one.survived
        print(  # noqa: T201
            f"{table:24} {one.caught:5} of {counted:5} caught ({one.at_start} by the server's refusal to start),"
            f" {sum(one.excused.values()):4} left out, {one.seconds:5.0f} s"
        )
        for reason, count in one.excused.items():
            reasons[reason] = reasons.get(reason, 0) + count
    for reason, count in sorted(reasons.items()):
        print(f"{count:5} left out: {reason}")  # noqa: T201
    caught, survived = (sum(getattr(one, name) for one in tallies.values()) for name in ("caught", "survived"))
    rate = 100 * caught / (caught + survived) if caught + survived else 100.0
    seconds = sum(one.seconds for one in tallies.values())
    print(f"{caught + survived} rules flipped, {caught} caught (kill rate {rate:.1f} %), {seconds:.0f} s")  # noqa: T201


def main() -> int:
    """Run over the private server of the tests."""
    words = [word for word in sys.argv[1:] if word != "-v"]
    with private_postgres(FOLDER, durable=False) as server:
        databases = DatabaseServer(make_url(server.url("postgres", "postgres")), private=True)
        with databases.clone(databases.template()) as url, patience():
            return min(asyncio.run(run(url, words, verbose="-v" in sys.argv)), 1)


if __name__ == "__main__":
    sys.exit(main())

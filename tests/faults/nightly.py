"""The long run: `python -m tests.faults.nightly --kills 1000`; says what was done, ends with 1 if anything is wrong.

Every named step of a page write and of an import in both modes, then kills at random moments while clients write and
imports run, PostgreSQL crashing once in every round of fifty; then sequences against the model of a page.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx2

from api.commands.environment import end_in_order_on_sigterm
from tests.faults.clients import Client
from tests.faults.ground import Ground, Site, open_ground
from tests.faults.kills import IMPORT_STEPS, MODES, PAGE_STEPS, Loop, looping
from tests.faults.servers import launching, mortal, served
from tests.faults.test_breakdowns import break_down
from tests.faults.test_sequences import play_all

ROUND = 50
MOMENTS_SECONDS = 0.6


def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.nightly", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="how often a server is killed (default: 1000)")
    parser.add_argument("--sequences", type=int, default=200, help="sequences against the model (default: 200)")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="number that chance begins from")
    asked = parser.parse_args()
    end_in_order_on_sigterm()
    say(f"seed {asked.seed}")
    with open_ground() as ground:
        wrong = asyncio.run(kill(ground, asked.kills, random.Random(asked.seed)))
        if asked.sequences and not wrong:
            compare(ground, asked.sequences)
    say("sound" if not wrong else f"WRONG: {len(wrong)}")
    sys.exit(1 if wrong else 0)


async def kill(ground: Ground, kills: int, chance: random.Random) -> list[str]:
    """Kill so often, judge after every round; stops at the first round after which something is wrong."""
    log = Path(tempfile.mkdtemp(prefix="vhod-faults-")) / "log"
    with ground.site() as site, launching() as launcher, mortal(launcher, site, log) as server:
        async with looping(server, clients=4) as loop:
            wrong = await _at_steps(loop, kills)
            while server.kills < kills and not wrong:
                await _round(loop, ground, min(ROUND, kills - server.kills), chance)
                wrong = loop.wrong()
                say(told(loop))
            for line in wrong:
                say(line)
            return wrong


async def _at_steps(loop: Loop, kills: int) -> list[str]:
    for step in PAGE_STEPS:
        if loop.server.kills < kills and not await loop.kill_at_page_step(step):
            return [f"nobody came to the step {step}"]
    for mode in MODES:
        for step in IMPORT_STEPS:
            if loop.server.kills < kills and not await loop.kill_at_import_step(step, mode):
                return [f"nobody came to the step {step} ({mode})"]
    say(f"every step: {told(loop)}")
    return loop.wrong()


async def _round(loop: Loop, ground: Ground, kills: int, chance: random.Random) -> None:
    """Kill at random; PostgreSQL crashes somewhere in between."""
    crash_at = chance.randrange(kills)
    await loop.kill_at_random(crash_at, chance, MOMENTS_SECONDS)
    await loop.kill_at_random(kills - crash_at, chance, MOMENTS_SECONDS, meanwhile=lambda: ground.restart("immediate"))


def compare(ground: Ground, sequences: int) -> None:
    """Play sequences; a difference from the model is an error that shows the shortest sequence."""
    with ground.site() as site, served(site, "--workers", "2"):
        sent = play_all(site, sequences, derandomize=False)
        asyncio.run(slow_statement(site))
    say(f"{sequences} sequences, {sent} requests: as the model")


async def slow_statement(site: Site) -> None:
    """A statement that takes longer than a request may: five seconds of waiting, hence not in the ordinary suite."""
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{site.port}", timeout=30) as http:
        await break_down(site, Client(site, "teacher", http), "mark", "SLEEP")
    say("statement_timeout: coded, nothing by halves")


def told(loop: Loop) -> str:
    """How far it is."""
    codes = Counter(code for client in loop.clients for code in client.told)
    known = f"{len(loop.ledger.done)} done, {len(loop.ledger.refused)} refused of {len(loop.ledger.sent)} page writes"
    kills = f"{time.strftime('%H:%M:%S')} {loop.server.kills} kills"
    return f"{kills}: {known}, {len(loop.imports)} imports; told {dict(codes)}"


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

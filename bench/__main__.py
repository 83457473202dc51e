"""python -m bench: load the region once, start everybody, compare the answers, measure, print."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from api.postgres import PostgresUnavailableError
from bench.contestants import NAMES, OURS, Grounds
from bench.growth import SIZES, growth_lines
from bench.identity import SigningKey, served_keys, write_settings
from bench.load import Load, started_load
from bench.node import Node, installed_node
from bench.people import find_questions, subjects_of
from bench.pgbench import pgbench_lines
from bench.place import FIRST_PORT, BenchError, own_folder
from bench.questions import Question
from bench.reference import has_compiled_path
from bench.region import SCHOOLS, Region, loaded_region
from bench.report import report
from bench.rounds import Found, Measuring, Plan
from bench.telling import say

FULL = Plan(rounds=3, seconds=1.8, warm_seconds=1.0, connections={1: (1, 8, 64), 2: (8, 64)})
QUICK = Plan(rounds=2, seconds=1.2, warm_seconds=0.8, connections={1: (8,)})
GROWTH = Plan(rounds=5, seconds=2.0, warm_seconds=1.0, connections={1: (1,)}, names=(OURS,))


@dataclass(frozen=True)
class Setting:
    """A region that is ready to be asked."""

    region: Region
    questions: list[Question]
    tokens: dict[str, str]
    grounds: Grounds


def main() -> None:
    """Do what the command line asks; a known problem is told in a line or two, without a traceback."""
    signal.signal(signal.SIGTERM, _end_in_order)
    try:
        _run(_arguments())
    except (BenchError, PostgresUnavailableError) as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def _run(arguments: argparse.Namespace) -> None:
    node = installed_node()
    with started_load(node) as load:
        if arguments.growth is not None:
            _grow(arguments, node, load)
        else:
            _compete(arguments, node, load)


def _compete(arguments: argparse.Namespace, node: Node, load: Load) -> None:
    plan = QUICK if arguments.quick else FULL
    plan = Plan(plan.rounds, plan.seconds, plan.warm_seconds, plan.connections, tuple(arguments.only or plan.names))
    with _ready(arguments.schools, arguments, node) as setting:
        before, started = os.getloadavg(), time.monotonic()
        found = _measured(plan, setting, load, arguments.port)
        for line in report(found, before, plan.rounds):
            say(line)
        viewers = json.loads(setting.grounds.settings.read_text())["viewers"]
        for line in pgbench_lines(setting.region, setting.questions, viewers, 1 if arguments.quick else 3):
            say(line)
        say(f"\nmeasured in {time.monotonic() - started:.0f} s")


def _grow(arguments: argparse.Namespace, node: Node, load: Load) -> None:
    found: dict[int, Found] = {}
    for schools in arguments.growth or SIZES:
        with _ready(schools, arguments, node) as setting:
            found[schools] = _measured(GROWTH, setting, load, arguments.port)
    for line in growth_lines(found):
        say(line)


def _measured(plan: Plan, setting: Setting, load: Load, port: int) -> Found:
    return Measuring(plan, setting.grounds, setting.tokens, load).run(setting.questions, port + 1)


@contextmanager
def _ready(schools: int, arguments: argparse.Namespace, node: Node) -> Iterator[Setting]:
    """Hold a loaded region with everything that the contestants are given."""
    key = SigningKey.make()
    with loaded_region(schools, afresh=arguments.afresh) as region, served_keys(key, arguments.port):
        questions, missing = find_questions(region)
        for line in missing:
            say(f"skipped: {line}")
        if not has_compiled_path():
            say("this checkout has no compiled path: vhod and reference are the same here")
        subjects = subjects_of(questions)
        settings = own_folder("run") / "settings.json"
        write_settings(settings, region, key, subjects)
        grounds = Grounds(region, node, settings, key.issuers(arguments.port))
        yield Setting(region, questions, {subject: key.token(subject) for subject in subjects}, grounds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Vhod beside others; same answers.")
    parser.add_argument("--quick", action="store_true", help="one process, 8 connections, two rounds (3 minutes)")
    sizes = " ".join(map(str, SIZES))
    parser.add_argument(
        "--growth",
        type=int,
        nargs="*",
        metavar="SCHOOLS",
        help=f"Vhod alone, one region after another (default: {sizes})",
    )
    parser.add_argument("--schools", type=int, default=SCHOOLS, help=f"schools of the region (default: {SCHOOLS})")
    parser.add_argument("--afresh", action="store_true", help="load the region again")
    parser.add_argument("--only", nargs="+", choices=NAMES, help="only these contestants")
    parser.add_argument("--port", type=int, default=FIRST_PORT, help=f"first of six TCP ports (default: {FIRST_PORT})")
    return parser.parse_args()


def _end_in_order(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()

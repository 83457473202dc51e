"""Rounds: every contestant has its turn in each, so that a machine that slows down slows all of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from bench.answers import require_equal_answers, require_walls
from bench.contestants import NAMES, REFERENCE, Contestant, Grounds
from bench.load import Burst, Load
from bench.proc import cpu_seconds
from bench.questions import Question
from bench.running import Running, running
from bench.telling import say

GUARDED = ("diary", "journal")
"""Questions to which only those concerned get an answer; `me` is about whoever asks, a rating is public."""
WARMED_BY = 8
REFERENCE_CONNECTIONS = 8
"""The reference answers a dozen journals a second: of 64 at once none would come back within a burst."""


@dataclass(frozen=True)
class Cell:
    """What is measured at once: who, what, with how many processes and connections."""

    contestant: str
    question: str
    processes: int
    connections: int


@dataclass(frozen=True)
class Sample:
    """One burst. CPU in milliseconds a request, of the server and of all of PostgreSQL."""

    burst: Burst
    server_ms: float
    database_ms: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.burst.answers / self.burst.seconds


@dataclass(frozen=True)
class Figure:
    """Medians over the rounds: answers a second, milliseconds."""

    per_second: float
    p50: float
    p99: float
    server_ms: float
    database_ms: float

    @property
    def cpu_ms(self) -> float:
        """CPU time a request, of the server and of PostgreSQL."""
        return self.server_ms + self.database_ms


@dataclass(frozen=True)
class Plan:
    """How long and how often. `connections` by number of processes."""

    rounds: int
    seconds: float
    warm_seconds: float
    connections: Mapping[int, tuple[int, ...]]
    names: tuple[str, ...] = NAMES


@dataclass(frozen=True)
class Found:
    """All that was measured: figures, bytes of memory by contestant and processes, bytes of our answers."""

    figures: Mapping[Cell, Figure]
    memory: Mapping[tuple[str, int], int]
    sizes: Mapping[str, int]


class Measuring:
    """A measurement that is under way: what it is given, what it has found so far."""

    def __init__(self, plan: Plan, grounds: Grounds, tokens: Mapping[str, str], load: Load) -> None:
        self._plan = plan
        self._grounds = grounds
        self._tokens = tokens
        self._load = load
        self._samples: dict[Cell, list[Sample]] = defaultdict(list)

    def run(self, questions: list[Question], port: int) -> Found:
        """Run the plan. Raises BenchError when an answer differs, a request is refused or a server does not start."""
        memory: dict[tuple[str, int], int] = {}
        sizes: dict[str, int] = {}
        for processes in self._plan.connections:
            contestants = self._contestants(processes, port)
            with running(contestants) as servers:
                for question in questions:
                    sizes[question.name] = require_equal_answers(question, contestants, self._tokens)
                    if question.name in GUARDED:
                        require_walls(question, contestants, self._tokens)
                    self._ask(question, list(servers.values()), processes)
                memory |= {(name, processes): server.resident_bytes() for name, server in servers.items()}
        return Found({cell: _figure(found) for cell, found in self._samples.items()}, memory, sizes)

    def _contestants(self, processes: int, port: int) -> list[Contestant]:
        names = [name for name in self._plan.names if processes == 1 or name != REFERENCE]
        return [self._grounds.contestant(name, port + place, processes) for place, name in enumerate(names)]

    def _ask(self, question: Question, servers: list[Running], processes: int) -> None:
        say(f"  {question.name}, {processes} process{'es' * (processes > 1)}")
        for server in servers:
            self._load.burst(server.contestant, question, self._tokens, WARMED_BY, self._plan.warm_seconds)
        for number in range(self._plan.rounds):
            for connections in self._plan.connections[processes]:
                # Whoever was first in one round is last in the next.
                for server in servers if number % 2 == 0 else servers[::-1]:
                    name = server.contestant.name
                    if name != REFERENCE or connections <= REFERENCE_CONNECTIONS:
                        cell = Cell(name, question.name, processes, connections)
                        self._samples[cell].append(self._sample(server, question, connections))

    def _sample(self, server: Running, question: Question, connections: int) -> Sample:
        postmaster = self._grounds.region.postmaster
        own, database = server.cpu_seconds(), cpu_seconds(postmaster)
        burst = self._load.burst(server.contestant, question, self._tokens, connections, self._plan.seconds)
        answers = max(1, burst.answers)
        own, database = server.cpu_seconds() - own, cpu_seconds(postmaster) - database
        return Sample(burst, 1000 * own / answers, 1000 * database / answers)


def _figure(samples: list[Sample]) -> Figure:
    return Figure(
        median(one.per_second for one in samples),
        median(one.burst.p50 or float("nan") for one in samples),
        median(one.burst.p99 or float("nan") for one in samples),
        median(one.server_ms for one in samples),
        median(one.database_ms for one in samples),
    )

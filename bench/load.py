"""The load: autocannon in a Node process of its own that stays between measurements."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from bench.contestants import Contestant
from bench.node import Node
from bench.place import BenchError
from bench.questions import Question


@dataclass(frozen=True)
class Burst:
    """What came back of one measurement. Times in milliseconds; None when nothing came in time."""

    answers: int
    seconds: float
    refused: int
    bytes: int
    p50: float | None
    p99: float | None


@dataclass(frozen=True)
class Load:
    """Sends questions as fast as they are answered."""

    asked: IO[str]
    answered: IO[str]

    def burst(
        self, contestant: Contestant, question: Question, tokens: Mapping[str, str], connections: int, seconds: float
    ) -> Burst:
        """Ask over so many kept connections, each going through the askers in turn. Raises BenchError on a refusal."""
        order = {
            "url": contestant.url,
            "connections": connections,
            "seconds": seconds,
            "requests": [
                _request(question.body(contestant.dialect, one), tokens[one.subject]) for one in question.askers
            ],
        }
        self.asked.write(json.dumps(order) + "\n")
        self.asked.flush()
        told = json.loads(self.answered.readline() or '{"error": "it ended"}')
        if "error" in told:
            raise BenchError(f"the load tool failed: {told['error']}")
        burst = Burst(**told)
        if burst.refused:
            place = f"{question.name}, {contestant.name}, {connections} connections"
            raise BenchError(f"{place}: {burst.refused} of {burst.answers} requests were refused or not answered")
        return burst


@contextmanager
def started_load(node: Node) -> Iterator[Load]:
    """Start the load tool; it ends with the block."""
    process = subprocess.Popen(node.command("load.mjs"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Load(process.stdin, process.stdout)
    finally:
        process.kill()
        process.wait()


def _request(body: Mapping[str, Any], token: str) -> Mapping[str, Any]:
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    return {"method": "POST", "path": "/graphql", "headers": headers, "body": json.dumps(body)}

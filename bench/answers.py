"""Every contestant must give the same cells for every question, or there is nothing to compare."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bench.contestants import Contestant
from bench.place import BenchError
from bench.questions import Asker, Question

LONGEST_SHOWN = 300
ANSWER_SECONDS = 30


def require_equal_answers(question: Question, contestants: list[Contestant], tokens: Mapping[str, str]) -> int:
    """Compare what all answer to every asker; give the bytes of the first contestant's answers on average.

    Raises BenchError that names the two and the first place where they differ.
    """
    sizes = []
    for asker in question.askers:
        first, *others = [(one, *_cells(one, question, asker, tokens)) for one in contestants]
        sizes.append(first[2])
        for other in others:
            where = difference(first[1], other[1])
            if where:
                raise BenchError(f"{question.name}: {first[0].name} and {other[0].name} differ at {where}")
    return sum(sizes) // len(sizes)


def require_walls(question: Question, contestants: list[Contestant], tokens: Mapping[str, str]) -> None:
    """Make sure that nobody is quick by asking less: a token changed by a letter and a stranger get nothing.

    Raises BenchError that names who answered all the same.
    """
    mine, others = question.askers[0], question.askers[1:]
    token = tokens[mine.subject]
    forged = f"{token[:-20]}{'A' if token[-20] != 'A' else 'B'}{token[-19:]}"
    for contestant in contestants:
        if _asked(contestant, question, mine, forged)[1].get("data"):
            raise BenchError(f"{contestant.name} believes a forged token")
        if others and _holds_rows(_asked(contestant, question, mine, tokens[others[0].subject])[1]):
            raise BenchError(f"{question.name}: {contestant.name} answers somebody of another school")


def _holds_rows(answer: Mapping[str, Any]) -> bool:
    """Whether anything guarded is there: an object of a root, that is, with more than empty lists."""
    return any(
        root and any(isinstance(v, list) and v for v in root.values()) for root in (answer.get("data") or {}).values()
    )


def difference(one: Any, other: Any, place: str = "data") -> str | None:
    """The first place where two answers differ; None when they are equal."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next((found for k in one if (found := difference(one[k], other[k], f"{place}.{k}"))), None)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next((found for n, (a, b) in pairs if (found := difference(a, b, f"{place}[{n}]"))), None)
    if isinstance(one, list) and isinstance(other, list):
        return f"{place}: {len(one)} against {len(other)} items"
    return None if one == other else f"{place}: {_shown(one)} against {_shown(other)}"


def _cells(contestant: Contestant, question: Question, asker: Asker, tokens: Mapping[str, str]) -> tuple[Any, int]:
    status, answer, size = _asked(contestant, question, asker, tokens[asker.subject])
    data = answer.get("data")
    if status != 200 or answer.get("errors") or not data or not all(data.values()):
        raise BenchError(f"{question.name}: {contestant.name} answered {status}: {_shown(answer)}")
    return question.cells(contestant.dialect, data), size


def _asked(contestant: Contestant, question: Question, asker: Asker, token: str) -> tuple[int, dict[str, Any], int]:
    """Status, answer and its bytes. An answer that is no JSON counts as an empty one."""
    body = json.dumps(question.body(contestant.dialect, asker)).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    try:
        with urlopen(Request(contestant.url, body, headers), timeout=ANSWER_SECONDS) as response:  # noqa: S310 - our own address
            status, raw = response.status, response.read()
    except HTTPError as error:
        status, raw = error.code, error.read()
    except OSError as error:
        raise BenchError(f"{question.name}: {contestant.name} did not answer: {error}") from None
    try:
        return status, json.loads(raw or b"{}"), len(raw)
    except ValueError:
        return status, {}, len(raw)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:LONGEST_SHOWN]

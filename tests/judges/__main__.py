"""`make judges`: foreign tools judge the contract and a running server; each prints its score. No score, no excuse.

One is ours: generated documents judge the access model.

Words choose judges by a part of their function's name: `python -m tests.judges relay codegen`.
"""

# ruff: noqa: T201 - a command that talks

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from tests.judges import contract_tools, network, role_fuzzing
from tests.judges.score import Score
from tests.judges.serving import served
from tests.judges.workshop import CACHE, open_workshop

WITHOUT_A_SERVER = (*contract_tools.ALL, role_fuzzing.role_fuzzing)


def main() -> None:
    """Ask all judges, or those named; exit with 1 unless every score is perfect."""
    CACHE.mkdir(parents=True, exist_ok=True)
    started, wanted = time.monotonic(), sys.argv[1:]
    scores = []
    for score in _scores(wanted):
        scores.append(score)
        print(score.line(), flush=True)
        print("".join(f"        {note}\n" for note in score.notes), end="", flush=True)
    perfect = sum(score.perfect for score in scores)
    print(f"{perfect} of {len(scores)} judges have nothing to say, in {time.monotonic() - started:.0f} s")
    sys.exit(0 if scores and perfect == len(scores) else 1)


def _scores(wanted: list[str]) -> Iterator[Score]:
    workshop = open_workshop()
    written = [partial(judge, workshop) for judge in WITHOUT_A_SERVER if _chosen(judge.__name__, wanted)]
    called = [judge for judge in network.ALL if _chosen(judge.__name__, wanted)]
    yield from (judge() for judge in written)
    with ExitStack() as open_things:
        server = open_things.enter_context(served()) if called else None
        for judge in called:
            assert server is not None
            yield from judge(workshop, server)


def _chosen(name: str, wanted: list[str]) -> bool:
    return not wanted or any(word in name for word in wanted)


if __name__ == "__main__":
    main()

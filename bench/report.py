"""The report: tables with ratios, the conditions under which they were measured, what is unfair in whose favour."""

import os
import platform
from collections.abc import Iterator

from bench.contestants import FIXED, POSTGRAPHILE, REFERENCE
from bench.rounds import Cell, Figure, Found

HEAD = (
    f"{'':14}{'answers/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'of it db':>10}"
    f"   answers x {POSTGRAPHILE:>12}{REFERENCE:>11}{FIXED:>7}   CPU x {POSTGRAPHILE}"
)
BUSY = 0.7
UNFAIR = """What is unfair, and in whose favour:
  - for the peers and the floor: their row-level settings are worked out before the run and never compared with the
    version of the person's access, as Vhod does in every transaction; they know who the person is without `me`; they
    have no field access, list of refusals, limits, request log or access journal (Vhod writes entries meanwhile).
  - for the floor: its statement is fixed, the row-level wall alone filters, its answer is not even parsed.
  - for PostGraphile: lists instead of connections, conditions without an index.
  - for Vhod: on the page, the floor follows each mark's lesson and column, as all others do; a statement that trusted
    them to be of that page, and read the page's own once, would take a quarter less time.
  - for Vhod: documents are few and repeated, so its plans are made once (PostGraphile and graphql-jit keep theirs too).
  - all: the load tool and PostgreSQL run on the same cores; each process has a pool of the same size."""


def report(found: Found, load_before: tuple[float, float, float], rounds: int) -> Iterator[str]:
    """Lines of the whole report."""
    yield from _conditions(load_before, rounds)
    for processes, connections in sorted({(cell.processes, cell.connections) for cell in found.figures}):
        for question, size in found.sizes.items():
            here = {c.contestant: f for c, f in found.figures.items() if _is(c, question, processes, connections)}
            yield f"\n{question} ({size / 1000:.1f} KB), {processes} process{'es' * (processes > 1)}, c = {connections}"
            yield HEAD
            yield from (_line(name, figure, here) for name, figure in here.items())
    yield "\nmemory after the load, MB (resident; shared pages count in each process)"
    yield from (f"  {name}, {n}: {size / 1e6:.0f}" for (name, n), size in found.memory.items())
    yield f"\n{UNFAIR}"


def _is(cell: Cell, question: str, processes: int, connections: int) -> bool:
    return (cell.question, cell.processes, cell.connections) == (question, processes, connections)


def _line(name: str, figure: Figure, here: dict[str, Figure]) -> str:
    speed = f"{figure.per_second:>10.1f}{figure.p50:>9.2f}{figure.p99:>9.2f}"
    cells = f"{speed}{figure.cpu_ms:>9.2f}{figure.database_ms:>10.2f}"
    to_postgraphile, to_reference, to_fixed = (
        _ratio(figure.per_second, other.per_second) if (other := here.get(than)) else "-"
        for than in (POSTGRAPHILE, REFERENCE, FIXED)
    )
    peer = here.get(POSTGRAPHILE)
    cpu = _ratio(figure.cpu_ms, peer.cpu_ms) if peer else "-"
    return f"  {name:12}{cells}{to_postgraphile:>25}{to_reference:>11}{to_fixed:>7}{cpu:>21}"


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else "-"


def _conditions(load_before: tuple[float, float, float], rounds: int) -> Iterator[str]:
    now = os.getloadavg()
    cores = len(os.sched_getaffinity(0))
    yield f"\n{cores} cores, Python {platform.python_version()}, medians of {rounds} interleaved rounds"
    yield f"load average before {load_before[0]:.2f}, after {now[0]:.2f}"
    if load_before[0] > BUSY:
        yield "THE MACHINE WAS BUSY WITH OTHER THINGS: ratios say little, absolute figures nothing."

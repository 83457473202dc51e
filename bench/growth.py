"""Growth: the same questions to us alone, in a region of a hundred schools and in the largest, one connection."""

from collections.abc import Iterator, Mapping

from bench.contestants import OURS
from bench.rounds import Cell, Found

SIZES = (100, 2500)
TARGET = 1.3


def growth_lines(found: Mapping[int, Found]) -> Iterator[str]:
    """A line for each question: median latency at each size, and how much it grew."""
    sizes = sorted(found)
    yield "\ngrowth, " + " -> ".join(f"{size} schools" for size in sizes) + f" (target: at most {TARGET} times)"
    for question in found[sizes[0]].sizes:
        times = [found[size].figures[Cell(OURS, question, 1, 1)].p50 for size in sizes]
        shown = " -> ".join(f"{time:.2f} ms" for time in times)
        yield f"  {question:12}{shown}, {times[-1] / times[0]:.2f} times"

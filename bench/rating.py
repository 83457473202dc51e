"""Measures a region's rating: 40,000 organisations x 100 indicators, exact, with 1,000 draws, beside a NumPy floor.

Run: PYTHONPATH=. .venv/bin/python bench/rating.py [--organisations N] [--indicators N] [--draws N] [--workers N]

The floor computes what plain floating point would: one matrix of points summed and sorted for the rating; for the
draws a matrix product, a sort a draw and two percentiles of the places. It knows no exact number, no tie, no level,
no missing input and no finding: the ratio is what those cost. Everything here is invented.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from domain.scoring.inputs import Inputs
from domain.scoring.methodology import Methodology
from domain.scoring.methodology_file import parse_methodology
from domain.scoring.rating import rate
from domain.scoring.robustness import Suppositions, robustness

GROUPS = 4
HUNDREDTHS = 100
SEED = 20221201
Result = TypeVar("Result")

HEAD = """
code = "synthetic-bench"
version = "1"
status = "SYNTHETIC"
russian = "Вымышленная методика для замера"
english = "Invented methodology to measure with"
source = "bench/rating.py"
valid_from = 2026-01-01
missing = "OF_THE_KNOWN"
minimum_coverage = 0.5
percent = { LOW = ">= 0, <= 29", MEDIUM = ">= 30, <= 59", ABOVE_MEDIUM = ">= 60, <= 89", HIGH = ">= 90, <= 100" }
"""
LEVELS = ("LOW", "MEDIUM", "ABOVE_MEDIUM", "HIGH")
RULES = (
    "{ zero_at = 0, full_at = 100 }",
    '[{ values = "< 50", points = 0 }, { values = ">= 50, < 90", points = 1 }, { values = ">= 90", points = 2 }]',
    "{ zero_at = 0, full_at = 80 }",
    '[{ values = "<= 10", points = 0 }, { values = "> 10, < 25", points = 1 }, { values = ">= 25", points = 2 }]',
)


def invented(indicators: int) -> Methodology:
    """Make a methodology of four groups, half lines and half steps, two points an indicator, with levels."""
    text = HEAD + "".join(f'[[level]]\ncode = "{code}"\nrussian = "{code}"\nenglish = "{code}"\n' for code in LEVELS)
    for group in range(GROUPS):
        codes = range(group, indicators, GROUPS)
        text += f'[[group]]\ncode = "g{group}"\nrussian = "Группа"\nenglish = "Group"\n{limits(2 * len(codes))}'
        for number in codes:
            text += f'[[group.indicator]]\ncode = "i{number:03}"\nrussian = "Показатель"\nenglish = "Indicator"\n'
            text += f"maximum = 2\npoints = {RULES[number // GROUPS % len(RULES)]}\n"
    return parse_methodology(f"{text}[total]\n{limits(2 * indicators)}")


def limits(maximum: int) -> str:
    """Write a maximum and its literal bands."""
    low, medium, high = (maximum * share // 10 for share in (3, 6, 9))
    bands = f'LOW = ">= 0, < {low}", MEDIUM = ">= {low}, < {medium}", ABOVE_MEDIUM = ">= {medium}, < {high}"'
    return f'maximum = {maximum}\nbands = {{ {bands}, HIGH = ">= {high}, <= {maximum}" }}\n'


def timed(name: str, work: Callable[[], Result]) -> tuple[Result, float]:
    """Do the work and print how long it took."""
    started, cpu = time.perf_counter(), time.process_time()
    result = work()
    seconds = time.perf_counter() - started
    show(f"{name:<58} {seconds:8.2f} s {time.process_time() - cpu:8.2f} s of processor")
    return result, seconds


def floor_rating(points: Any) -> Any:
    """Sum and sort once, in floating point."""
    totals = points.sum(axis=1)
    places = np.empty(len(totals), dtype=np.int64)
    places[np.argsort(-totals)] = np.arange(1, len(totals) + 1)
    return places


def floor_draws(points: Any, draws: int) -> Any:
    """Draw weights, multiply, sort draw by draw, and read two percentiles of everybody's places."""
    dice = np.random.default_rng(SEED)
    scores = dice.uniform(0.75, 1.25, (draws, points.shape[1])) @ points.T
    places = np.empty(scores.shape, dtype=np.int32)
    for row, ranks in zip(scores, places, strict=True):
        ranks[np.argsort(-row)] = np.arange(1, len(row) + 1)
    return np.percentile(places, [5, 95], axis=0)


def show(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("organisations", 40_000), ("indicators", 100), ("draws", 1000), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    show(f"{asked.organisations} organisations x {asked.indicators} indicators, {asked.draws} draws")

    dice = np.random.default_rng(SEED)
    values = dice.integers(0, 100 * HUNDREDTHS, (asked.indicators, asked.organisations))
    missing = dice.random(values.shape) < 0.01
    cells = np.where(missing, None, values.astype(object))  # type: ignore[call-overload]  # None among Python's integers
    columns = {f"i{number:03}": row.tolist() for number, row in enumerate(cells)}
    del values, missing, cells  # what is measured is what a store would deliver
    keys = [f"o{number:06}" for number in range(asked.organisations)]
    methodology = invented(asked.indicators)

    inputs, inputs_s = timed("inputs to exact columns", lambda: Inputs.of_columns(keys, columns, HUNDREDTHS))
    columns.clear()
    rating, rating_s = timed(
        "exact rating: points, percents, levels, places, findings", lambda: rate(methodology, inputs)
    )
    suppositions = Suppositions(SEED, asked.draws, weights=0.25, noise=0.02, leave_one_out=True)
    first, second = (entry.organisation for entry in rating.table("total")[:2])
    found, draws_s = timed(
        "robustness: weights, noise, leave one out, 90 % intervals",
        lambda: robustness(rating, "total", suppositions, [(first, second)], asked.workers),
    )
    total_s = inputs_s + rating_s + draws_s
    show(f"{'together (target: at most 20 s)':<58} {total_s:8.2f} s")
    digest, _ = timed("digest of the inputs", lambda: inputs.digest)
    stored, _ = timed("canonical bytes of the rating", rating.canonical)

    earned = [[float(cell or 0) / column.scale for cell in column.cells] for column in rating.points.values()]
    points = np.ascontiguousarray(np.array(earned).T)
    _, floor_rating_s = timed("floor: one floating-point rating", lambda: floor_rating(points))
    _, floor_draws_s = timed("floor: draws of weights alone", lambda: floor_draws(points, asked.draws))
    show(f"ratio to the floor, rating and draws together: {total_s / (floor_rating_s + floor_draws_s):.1f}")
    show(f"ratio of the draws alone: {draws_s / floor_draws_s:.2f}")
    show(f"1st place: {found.intervals[0]}; beats the next in {Fraction(found.duels[0].share)} of draws")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    show(f"inputs {digest[:12]}, {len(stored):,} bytes; peak {peak} MB")


if __name__ == "__main__":
    main()

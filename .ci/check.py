"""Everything that must hold before a commit, cheapest first; stops at the first failure and says what to do."""

# ruff: noqa: T201, S603 - a command that talks and runs our own tools

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
LINT = [
    ("locks are fresh", [sys.executable, ".ci/lock.py", "--check"], "run: make lock"),
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "."], "run: .venv/bin/ruff format"),
    ("lint", [BIN / "ruff", "check", "--quiet", "."], "mend what ruff names (it mends much itself: ruff check --fix)"),
    ("imports run one way", [BIN / "lint-imports"], "the contracts and their reasons: pyproject.toml"),
]
TYPES = ("types", [BIN / "mypy", "--no-error-summary"], "mend what mypy names")
# Longest first, and three at once: two cores are busy while one part waits for a server that starts or a clock.
MATRIX = "tests/access/test_matrix.py"
FOLDERS = ["tests/access", "tests/schema", "tests/api", "tests/compiled", "tests/auth"]
PARTS = {
    MATRIX: [MATRIX],
    "tests/access without it": ["tests/access", f"--ignore={MATRIX}"],
    **{name: [name] for name in FOLDERS[1:]},
    "everything else": [f"--ignore={name}" for name in FOLDERS],
}
AT_ONCE = 3


def main() -> None:
    """Run the checks of one verb; words after it choose tests, which then run in one go."""
    started = time.monotonic()
    verb, *words = sys.argv[1:]
    whole = verb == "test" and not words
    # mypy works on one core for half a minute: beside the tests it costs nothing.
    for heading, command, advice in LINT if whole else [*LINT, TYPES]:
        check(heading, [str(word) for word in command], advice)
    if verb == "test":
        run_tests(PARTS if whole else {"tests": words}, types=whole)
    print(f"all good in {time.monotonic() - started:.1f} s")


def run_tests(parts: dict[str, list[str]], *, types: bool) -> None:
    """Run parts of the tests side by side; what each said is shown when it is done, of a single one at once."""
    said = subprocess.PIPE if len(parts) > 1 else None
    commands = {name: [sys.executable, "-m", "pytest", *words] for name, words in parts.items()}
    if types:
        commands = {TYPES[0]: [str(word) for word in TYPES[1]], **commands}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        good = list(pool.map(partial(run_part, said), commands, commands.values()))
    failed = [name for name, is_good in zip(commands, good, strict=True) if not is_good]
    if failed:
        sys.exit(f"FAILED: {', '.join(failed)}. run the failing test alone: pytest PATH::NAME")


def run_part(said: int | None, name: str, command: list[str]) -> bool:
    """Run a command once; whether all was good."""
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=CHECKOUT, stdout=said, stderr=subprocess.STDOUT, text=True, check=False
    )  # fmt: skip
    print(f"-- {name}\n{done.stdout or ''}   {time.monotonic() - started:.1f} s", flush=True)
    return done.returncode == 0


def check(heading: str, command: list[str], advice: str) -> None:
    """Run one check; its output is shown where it failed."""
    print(f"-- {heading}", end="", flush=True)
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    print(f": {time.monotonic() - started:.1f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout or "", end="")
        sys.exit(f"FAILED: {heading}. {advice}")


if __name__ == "__main__":
    main()

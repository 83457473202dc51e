"""Everything that must hold before a commit, cheapest first; stops at the first failure and says what to do."""

# ruff: noqa: T201, S603 - a command that talks and runs our own tools

import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
LINT = [
    ("locks are fresh", [sys.executable, ".ci/lock.py", "--check"], "run: make lock"),
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "."], "run: .venv/bin/ruff format"),
    ("lint", [BIN / "ruff", "check", "--quiet", "."], "mend what ruff names (it mends much itself: ruff check --fix)"),
    ("types", [BIN / "mypy", "--no-error-summary"], "mend what mypy names"),
    ("imports run one way", [BIN / "lint-imports"], "the contracts and their reasons: pyproject.toml"),
]
TESTS = [("tests", [sys.executable, "-m", "pytest", *sys.argv[2:]], "run the failing test alone: pytest PATH::NAME")]
CHECKS = {"lint": LINT, "test": LINT + TESTS}


def main() -> None:
    """Run the checks of one verb."""
    started = time.monotonic()
    for heading, command, advice in CHECKS[sys.argv[1]]:
        check(heading, [str(word) for word in command], advice)
    print(f"all good in {time.monotonic() - started:.1f} s")


def check(heading: str, command: list[str], advice: str) -> None:
    """Run one check; its output is shown, but for successful checks other than the tests."""
    print(f"-- {heading}", end="", flush=True)
    started = time.monotonic()
    shown = None if heading == "tests" else subprocess.PIPE
    print("\n" if shown is None else "", end="", flush=True)
    done = subprocess.run(command, cwd=CHECKOUT, stdout=shown, stderr=subprocess.STDOUT, text=True, check=False)
    print(f"{'   ' if shown is None else ': '}{time.monotonic() - started:.1f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout or "", end="")
        sys.exit(f"FAILED: {heading}. {advice}")


if __name__ == "__main__":
    main()

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
# The proof of access takes as long as everything else: two cores have one of them each.
PARTS = {"access": ["tests/access"], "everything else": ["--ignore=tests/access"]}


def main() -> None:
    """Run the checks of one verb; words after it choose tests, which then run in one go."""
    started = time.monotonic()
    verb, *words = sys.argv[1:]
    for heading, command, advice in LINT:
        check(heading, [str(word) for word in command], advice)
    if verb == "test":
        run_tests({"tests": words} if words else PARTS)
    print(f"all good in {time.monotonic() - started:.1f} s")


def run_tests(parts: dict[str, list[str]]) -> None:
    """Run parts of the tests side by side; what each said is shown when it is done."""
    started = time.monotonic()
    *_, last = parts
    running = {name: start_tests(words, shown=name == last) for name, words in parts.items()}
    failed = []
    for name, process in running.items():
        said, _ = process.communicate()
        print(f"-- {name}\n{said or ''}   {time.monotonic() - started:.1f} s", flush=True)
        if process.returncode != 0:
            failed.append(name)
    if failed:
        sys.exit(f"FAILED: {', '.join(failed)}. run the failing test alone: pytest PATH::NAME")


def start_tests(words: list[str], *, shown: bool) -> subprocess.Popen[str]:
    """Start pytest; one of them shows at once how far it is."""
    said = None if shown else subprocess.PIPE
    command = [sys.executable, "-m", "pytest", *words]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=said, stderr=subprocess.STDOUT, text=True)


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

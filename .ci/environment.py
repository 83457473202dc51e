"""Makes .venv from the lock: uv when it can be had, else pip. Standard library only."""

# ruff: noqa: T201, S603 - a command that talks and runs our own tools

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from indexes import uv_environment

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = CHECKOUT / "requirements-dev.txt"
STAMP = VENV / "stamp"


def main() -> None:
    """Do nothing when the stamp is right; else repair, one process at a time."""
    wanted = f"{sys.version}\n{hashlib.sha256(LOCK.read_bytes()).hexdigest()}\n"
    if _stamp() == wanted:
        return
    with alone():
        if _stamp() == wanted:
            return
        started = time.monotonic()
        STAMP.unlink(missing_ok=True)
        make_venv()
        install()
        STAMP.write_text(wanted)  # last: half a set-up is no set-up
        say(f"ready in {time.monotonic() - started:.1f} s")


def _stamp() -> str:
    return STAMP.read_text() if STAMP.exists() else ""


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one set-up work in this checkout at a time; the kernel frees the lock whatever happens."""
    with (CHECKOUT / ".gitignore").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    """Make the environment anew unless it belongs to this very Python."""
    if _python_of_venv() == sys.version:
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        fail(f"this Python ({sys.executable}) has no venv module: install it (Debian, Ubuntu: apt install {package})")
    say(f"making .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", str(VENV)) or fail("venv failed")


def _python_of_venv() -> str:
    if not PYTHON.exists():
        return ""
    question = [str(PYTHON), "-c", "import sys, pip; print(sys.version, end='')"]
    return subprocess.run(question, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout


def install() -> None:
    """Install exactly what the lock names, each file checked against its hash."""
    say("installing the packages of requirements-dev.txt")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    environment = uv_environment(PYTHON)
    with_uv = run(*pip, "--only-binary", ":all:", "-r", ".ci/uv.txt", quiet=True) and run(
        str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode",
        "--python", str(PYTHON), str(LOCK), environment=environment,
    )  # fmt: skip
    if not with_uv:
        say("uv did not do it; pip is slower")
        run(*pip, "-r", str(LOCK)) or fail("packages could not be installed; see the message of pip above")


def run(*command: str, environment: dict[str, str] | None = None, quiet: bool = False) -> bool:
    """Run a command in the checkout; true when it succeeded."""
    errors = subprocess.DEVNULL if quiet else None
    done = subprocess.run(command, cwd=CHECKOUT, env=environment or os.environ, stderr=errors, check=False)
    return done.returncode == 0


def say(line: str) -> None:
    """Print a line of progress."""
    print(f"set-up: {line}", flush=True)


def fail(line: str) -> None:
    """End with one clear line."""
    sys.exit(f"set-up: {line}")


if __name__ == "__main__":
    main()

"""Makes requirements.txt and requirements-dev.txt from pyproject.toml; --check tells whether they are fresh."""

# ruff: noqa: S603 - runs uv of our own environment

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

from indexes import uv_environment

CHECKOUT = Path(__file__).resolve().parents[1]
LOCKS = {"requirements.txt": [], "requirements-dev.txt": ["--group", "dev"]}
COMPILE = ["pip", "compile", "pyproject.toml", "--universal", "--python-version=3.11", "--generate-hashes", "--quiet"]


def main() -> None:
    """Compile both locks over what they hold (`--upgrade` takes newer versions), or check them without network."""
    if "--check" in sys.argv:
        stale = [name for name in LOCKS if first_line() != (CHECKOUT / name).read_text().split("\n", 1)[0]]
        sys.exit(f"{' and '.join(stale)} were made from other dependencies: make lock" if stale else 0)
    environment = uv_environment(Path(sys.executable), main_index_only=True)
    environment["UV_CUSTOM_COMPILE_COMMAND"] = "make lock"
    for name, groups in LOCKS.items():
        uv = str(Path(sys.executable).with_name("uv"))
        upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
        subprocess.run([uv, *COMPILE, *groups, *upgrade, "-o", name], cwd=CHECKOUT, env=environment, check=True)
        stamp(CHECKOUT / name)


def first_line() -> str:
    """Name the dependency tables by a hash: equal tables, equal line, whatever else changes in pyproject.toml."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    names = ("requires-python", "dependencies", "optional-dependencies")
    tables = {name: project["project"].get(name) for name in names} | {"groups": project.get("dependency-groups")}
    text = json.dumps(tables, sort_keys=True, ensure_ascii=False)
    return f"# made from the dependency tables {hashlib.sha256(text.encode()).hexdigest()}"


def stamp(lock: Path) -> None:
    """Write the first line, and refuse a lock that would tie everybody to one place."""
    lines = [line for line in lock.read_text().splitlines() if not line.startswith("# made from ")]
    foreign = [line for line in lines if "://" in line or line.startswith("-") or str(CHECKOUT) in line]
    if foreign:
        sys.exit(f"{lock.name} would name a place: {foreign[0]}")
    unfinished = lock.with_suffix(".unfinished")
    unfinished.write_text("\n".join([first_line(), *lines, ""]))
    unfinished.replace(lock)


if __name__ == "__main__":
    main()

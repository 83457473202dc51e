"""Where the judges live: packages from committed locks, in folders under .state that are made once."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import CHECKOUT
from tests.node import installed_folder, node_command

HERE = Path(__file__).parent
CACHE = CHECKOUT / ".state" / "judges"
PROJECT = HERE / "contract"
NAME = re.compile(r"^(?:query|mutation|subscription) (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Workshop:
    """`folder` holds the Node tools with the contract and its documents beside them, `python` runs the Python ones."""

    folder: Path
    node: str
    python: Path

    def tool(self, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a Node tool to its end."""
        script = (self.folder / "node_modules" / ".bin" / name).resolve()
        return self.run([self.node, str(script), *words])

    def run(
        self, command: list[str], variables: dict[str, str] | None = None, seconds: int = 600
    ) -> subprocess.CompletedProcess[str]:
        """Run any command in the folder, without colours; one that does not end in time has failed."""
        environment = {
            "PATH": f"{Path(self.node).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": os.environ.get("HOME", "/"),
            "NO_COLOR": "1",
            "FORCE_COLOR": "0",
        }
        try:
            return subprocess.run(
                command, cwd=self.folder, env=environment | (variables or {}),
                capture_output=True, text=True, check=False,
                timeout=seconds,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 124, "", f"not done in {seconds} s")


def open_workshop() -> Workshop:
    """Install what is missing, and lay the contract and all documents that we hand out beside the tools."""
    node, npm = node_command()
    folder = installed_folder(PROJECT, npm)
    for item in ("schema.graphql", "documents", "again", "relay", "made"):
        _forget(folder / item)
    shutil.copytree(PROJECT, folder, dirs_exist_ok=True)
    shutil.copy(CHECKOUT / "schema" / "schema.graphql", folder / "schema.graphql")
    _lay_documents(folder)
    (folder / "made" / "relay").mkdir(parents=True)
    return Workshop(folder, node, _python())


def _lay_documents(folder: Path) -> None:
    """Every document that we hand out; those whose name another one has already go into a folder of their own."""
    names: set[str] = set()
    for file, text in _documents():
        found = NAME.search(text)
        name = found[1] if found else file
        target = folder / ("again" if name in names else "documents") / file
        names.add(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _documents() -> Iterator[tuple[str, str]]:
    """Examples (above the line of dashes stands what fills their variables in), trusted documents among them."""
    for file in sorted((CHECKOUT / "api").rglob("*.graphql")):
        yield str(file.relative_to(CHECKOUT)), file.read_text(encoding="utf-8").rpartition("# ---\n")[2]


def _forget(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _python() -> Path:
    """An environment of the judges' own: what they need must not decide what the server runs with."""
    lock = HERE / "requirements.txt"
    folder = CACHE / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    python = folder / "bin" / "python"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--require-hashes"]
        done = subprocess.run([*install, "-r", str(lock)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        (folder / "done").touch()
    return python

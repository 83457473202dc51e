"""The built assets of the page: what `.ci/graphiql.py` made of source/, and manifest.json that names each by hash."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
SOURCE = FOLDER / "source"
ASSETS = FOLDER / "assets"
MANIFEST = FOLDER / "manifest.json"
MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".ttf": "font/ttf",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Content codings in which text is kept, the smallest first, with the ending of the file."""


@dataclass(frozen=True)
class Manifest:
    """What the page loads first, and the SHA-256 of each kept file (hexadecimal)."""

    inputs: str
    scripts: list[str]
    styles: list[str]
    assets: dict[str, str]


@dataclass(frozen=True)
class Asset:
    """A file of the page: its media type, and its bytes by content coding (`identity`: as it is)."""

    media_type: str
    forms: dict[str, bytes]

    def form_for(self, accepted: str) -> tuple[str, bytes]:
        """Coding and bytes for an Accept-Encoding; a browser that takes none of ours gets the text itself."""
        taken = _taken(accepted)
        for coding, body in self.forms.items():
            if coding == "identity" or coding in taken or "*" in taken:
                return coding, body
        return "identity", gzip.decompress(self.forms["gzip"])


def _taken(accepted: str) -> set[str]:
    """Codings that an Accept-Encoding names, without those it refuses by q=0."""
    parts = [part.replace(" ", "").lower().partition(";q=") for part in accepted.split(",")]
    return {coding for coding, _, weight in parts if weight.rstrip("0") not in ("0.",) and weight != "0"}


@cache
def manifest() -> Manifest:
    """The committed manifest."""
    return Manifest(**json.loads(MANIFEST.read_text(encoding="utf-8")))


def load_assets() -> dict[str, Asset]:
    """Every asset by the name under which the page asks for it."""
    names = dict.fromkeys(name.removesuffix(".br").removesuffix(".gz") for name in manifest().assets)
    return {name: Asset(MEDIA_TYPES[Path(name).suffix], dict(_forms(name))) for name in names}


def _forms(name: str) -> Iterator[tuple[str, bytes]]:
    for coding, ending in {**ENCODINGS, "identity": ""}.items():
        path = ASSETS / f"{name}{ending}"
        if path.exists():
            yield coding, path.read_bytes()


def hash_of(body: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def inputs_hash() -> str:
    """Hash of everything the assets are made of: names and bytes of source/."""
    lines = [f"{path.name} {hash_of(path.read_bytes())}\n" for path in sorted(SOURCE.iterdir()) if path.is_file()]
    return hash_of("".join(lines).encode())

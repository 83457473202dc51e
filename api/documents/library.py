"""The library: a folder of documents and a manifest that says which hash is which file; both are checked at start."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

MANIFEST = "manifest.json"
PREFIX = "sha256:"


class DamagedLibraryError(ValueError):
    """The folder and its manifest do not agree; the message names the file."""


def document_id(text: str) -> str:
    """The id of a document: the SHA-256 of its bytes, whatever its spacing."""
    return PREFIX + hashlib.sha256(text.encode()).hexdigest()


def load_library(folder: Path) -> Mapping[str, str]:
    """Documents by id. Raises DamagedLibraryError for a changed, missing or unlisted file."""
    manifest = manifest_of(folder)
    documents = {identifier: _read(folder, name) for identifier, name in manifest.items()}
    for problem in _problems(folder, manifest, documents):
        raise DamagedLibraryError(problem)
    return documents


def manifest_of(folder: Path) -> dict[str, str]:
    """File names by id. Raises DamagedLibraryError."""
    try:
        manifest: dict[str, str] = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise DamagedLibraryError(f"{folder / MANIFEST} cannot be read: {type(error).__name__}") from None
    return manifest


def _problems(folder: Path, manifest: Mapping[str, str], documents: Mapping[str, str]) -> Iterator[str]:
    for identifier, text in documents.items():
        if document_id(text) != identifier:
            yield f"{folder / manifest[identifier]} is not {identifier}: a changed document is a new one, add it"
    for path in sorted(folder.glob("*.graphql")):
        if path.name not in manifest.values():
            yield f"{path} is not in {MANIFEST}: add it by `python -m api documents add FILE`"


def _read(folder: Path, name: str) -> str:
    if Path(name).name != name:
        raise DamagedLibraryError(f"{folder / MANIFEST}: {name} is no file of this folder")
    try:
        return (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise DamagedLibraryError(f"{folder / name} cannot be read: {type(error).__name__}") from None

"""Trusted documents for whoever deploys the server."""

from pathlib import Path

from api.commands import CommandError, Say
from api.settings import Settings


def add_documents(settings: Settings, files: list[str], say: Say) -> None:
    """Add documents to the folder of VHOD_DOCUMENTS and print the id of each. Raises CommandError."""
    from api.documents.adding import RefusedDocumentError, add_document
    from api.documents.library import DamagedLibraryError
    from schema import build_schema

    schema = build_schema().graphql
    for file in files:
        try:
            identifier = add_document(settings.documents, Path(file).read_text(encoding="utf-8"), schema)
        except (OSError, UnicodeError, RefusedDocumentError, DamagedLibraryError) as error:
            raise CommandError(f"{file}: {error}") from None
        say(f"{identifier} {file}")


def list_documents(settings: Settings, say: Say) -> None:
    """Print the ids and files of the folder, after checking that they agree. Raises CommandError."""
    from api.documents.library import DamagedLibraryError, load_library, manifest_of

    try:
        load_library(settings.documents)
    except DamagedLibraryError as error:
        raise CommandError(str(error)) from None
    for identifier, name in manifest_of(settings.documents).items():
        say(f"{identifier} {name}")

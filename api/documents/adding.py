"""A document is added to a library: it must be one operation of the contract; what stands there is never changed."""

from pathlib import Path

import orjson
from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, parse, validate

from api.documents.library import MANIFEST, PREFIX, document_id, load_library, manifest_of

NAME_DIGITS = 8


class RefusedDocumentError(ValueError):
    """The document cannot be added; the message says why."""


def add_document(folder: Path, text: str, schema: GraphQLSchema) -> str:
    """Write it into the folder, named after its operation, and into the manifest. Returns its id, known or new.

    A released client asks by id for ever: a changed document becomes another file beside the old one.
    """
    identifier, name = document_id(text), _operation_name(text, schema)
    known = load_library(folder) if (folder / MANIFEST).exists() else {}
    if identifier in known:
        return identifier
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.{identifier.removeprefix(PREFIX)[:NAME_DIGITS]}.graphql"
    file.write_text(text, encoding="utf-8")
    manifest = manifest_of(folder) if known else {}
    order = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    listed = dict(sorted({**manifest, identifier: file.name}.items(), key=lambda entry: entry[1]))
    (folder / MANIFEST).write_bytes(orjson.dumps(listed, option=order))
    return identifier


def _operation_name(text: str, schema: GraphQLSchema) -> str:
    """The name of the one operation. Raises RefusedDocumentError with everything that the schema has against it."""
    try:
        document = parse(text)
    except GraphQLError as error:
        raise RefusedDocumentError(f"this is no GraphQL: {error.message}") from None
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].name is None:
        raise RefusedDocumentError("a trusted document has exactly one operation, with a name")
    problems = validate(schema, document)
    if problems:
        raise RefusedDocumentError("\n".join(problem.message for problem in problems))
    return operations[0].name.value

"""TrustedDocuments: the text behind an id, and who may send nothing else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from auth.viewer import Caller
from domain.errors import Code, ContractError


class UnknownDocument(ContractError):
    """An id that no document of ours has."""

    code = Code.PERSISTED_QUERY_NOT_FOUND

    def __init__(self) -> None:
        super().__init__(
            "This server knows no such document. Documents are added when the server is deployed, not by clients.",
            "Такого документа на сервере нет. Документы добавляют при установке сервера, а не из приложения.",
        )


class TrustedDocumentsOnly(ContractError):
    """A document of its own from a client that may only use trusted ones."""

    code = Code.FORBIDDEN

    def __init__(self) -> None:
        super().__init__(
            "This client may only use trusted documents: send documentId instead of query.",
            "Этому приложению доступны только проверенные документы: отправьте documentId вместо query.",
        )


@dataclass(frozen=True)
class TrustedDocuments:
    """`documents` by id; `bound_clients` may use nothing else, by any method and over any transport."""

    documents: Mapping[str, str] = field(default_factory=dict)
    bound_clients: Collection[str] = frozenset()

    def text(self, caller: Caller | None, query: str | None, document_id: str | None) -> str:
        """The document to run. Raises UnknownDocument and TrustedDocumentsOnly."""
        if document_id is not None:
            if document_id not in self.documents:
                raise UnknownDocument
            return self.documents[document_id]
        if caller is not None and caller.client_id in self.bound_clients:
            raise TrustedDocumentsOnly
        return query or ""

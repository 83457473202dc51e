"""ErrorCode: the codes of errors as the contract shows them, for clients that switch on them."""

from domain.error_catalogue import CATALOGUE
from domain.errors import Code
from schema.engine.enums import explained

explained(
    Code,
    "`extensions.code` of every error (код ошибки). Codes are stable; messages are not.",
    called="ErrorCode",
    **{code.name: f"{entry.when} {entry.then} ({entry.russian[:-1]}.)" for code, entry in CATALOGUE.items()},
)
ErrorCode = Code

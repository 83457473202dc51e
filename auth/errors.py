"""What can go wrong while a token is verified: the token is bad, or the issuer's keys cannot be had."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a token was refused; for logs and tests, never for the client, who would learn how to forge better."""

    CREDENTIALS = "credentials"
    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    HEADER = "header"
    ISSUER = "issuer"
    ALGORITHM = "algorithm"
    TYPE = "type"
    KEY_ID = "key_id"
    UNKNOWN_KEY = "unknown_key"
    KEY_MISMATCH = "key_mismatch"
    SIGNATURE = "signature"
    FORBIDDEN_CLAIM = "forbidden_claim"
    TIME = "time"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    LIFETIME = "lifetime"
    AUDIENCE = "audience"
    SUBJECT = "subject"
    CLIENT = "client"
    SCOPE = "scope"
    AUTHENTICATION = "authentication"
    ASSURANCE = "assurance"
    TOKEN_ID = "token_id"  # noqa: S105 - the name of a reason


class InvalidToken(Exception):
    """The access token is missing, expired or not valid."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class KeysUnavailable(Exception):
    """The issuer's keys cannot be fetched now, so nobody can say whether the token is valid."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("the issuer's keys cannot be fetched now")
        self.retry_after_seconds = retry_after_seconds

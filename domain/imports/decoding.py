"""Bytes of a text file as text: UTF-8, UTF-16 or Windows-1251, whichever they are."""

import codecs

from domain.imports.issues import IssueCode, UnreadableFileError

WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
BROKEN = "\ufffd"
FEW = 4
"""Bytes that are no UTF-8 may be one for so many that are: more, and the text was never UTF-8."""


def decode(content: bytes) -> str:
    """Read text; Windows-1251 only where it is nothing else. Raises UnreadableFileError."""
    if content.startswith(WIDE):
        return _wide(content, "utf-16")
    if b"\0" in content:
        # Without a mark: the zero of every digit and separator tells which half comes first.
        return _wide(content, "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse_damaged(content, error)
    try:
        return content.decode("cp1251")
    except UnicodeDecodeError:
        raise UnreadableFileError(IssueCode.TEXT_UNREADABLE) from None


def _wide(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFileError(IssueCode.FILE_UNREADABLE) from None
    if not text or any(not character.isprintable() and not character.isspace() for character in text):
        raise UnreadableFileError(IssueCode.FILE_UNREADABLE)
    return text.removeprefix("\ufeff")


def _refuse_damaged(content: bytes, error: UnicodeDecodeError) -> None:
    """A text of UTF-8 with a few wrong bytes would pass for Windows-1251, every letter of it another."""
    text = content.decode("utf-8-sig", "replace")
    wide = sum(1 for character in text if character > "\x7f" and character != BROKEN)
    if wide > FEW * text.count(BROKEN):
        raise UnreadableFileError(IssueCode.TEXT_DAMAGED, row=content.count(b"\n", 0, error.start) + 1)

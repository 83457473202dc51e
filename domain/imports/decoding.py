"""Bytes of a text file as text: UTF-8, UTF-16 or Windows-1251, whichever they are."""

import codecs

from domain.imports.issues import IssueCode, UnreadableFileError

WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
BROKEN = "\ufffd"
FEW = 4
"""Bytes that are no UTF-8 may be one for so many that are: more, and the text was never UTF-8."""

HIGH_HALVES = (0x00, 0x04, 0x20, 0x21)
"""Of Latin letters and digits, Cyrillic, typographic signs, the number sign."""


def decode(content: bytes) -> str:
    """Read text; Windows-1251 only where it is nothing else. Raises UnreadableFileError."""
    if content.startswith(WIDE):
        return _wide(content, "utf-16")
    if b"\0" in content:
        # Without a mark: the high halves of Russian text tell which comes first; a stray zero byte is no such text.
        for encoding, high in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])):
            if sum(map(high.count, HIGH_HALVES)) > 0.9 * len(high):
                return _wide(content, encoding)
        raise UnreadableFileError(IssueCode.FILE_UNREADABLE)
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

"""Text in one form: as it is kept, and as it is compared. SQL's `fold_text` folds exactly as `folded` does here.

What is written on two machines may look the same and differ: «й» as one character or two, a soft hyphen of a PDF, a
Latin «c» in a Cyrillic surname. Kept is what was meant; compared is what is seen.
"""

import re
import unicodedata

INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Format characters: they steer how text is laid out, and are no part of it."""

SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""Spaces other than the plain one; line ends and tabs stay."""

HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2212"
APOSTROPHES = "\u2018\u2019\u02bc\u02bb\u2032`\u00b4"
TYPOGRAPHIC = str.maketrans(HYPHENS + APOSTROPHES, "-" * len(HYPHENS) + "'" * len(APOSTROPHES))

# Small letters, since what is compared is folded: Latin ones that look like Cyrillic (also of the Chuvash, the Khakas,
# the Tatars), in either case; then ё, and һ as the Latin h that is typed for it.
LATIN = "abcehkmoptxyijs\u00eb\u00ef\u0259\u0275\u00f6\u00e4\u0103\u0115\u00e7\u00ff\u00e6\u0451\u04bb"
CYRILLIC = (
    "\u0430\u0432\u0441\u0435\u043d\u043a\u043c\u043e\u0440\u0442\u0445\u0443\u0456\u0458\u0455"
    "\u0435\u0457\u04d9\u04e9\u04e7\u04d3\u04d1\u04d7\u04ab\u04f1\u04d5\u0435\u043d"
)
ALIKE = str.maketrans(LATIN, CYRILLIC)


def canonical(text: str) -> str:
    """Composed characters (NFC), no invisible ones, plain spaces: the form in which cells and arguments are read."""
    if text.isascii():
        return text
    return SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def folded(text: str) -> str:
    """The form in which texts are compared: small letters, ё as е, look-alike letters as one, single plain spaces."""
    return " ".join(canonical(text).translate(TYPOGRAPHIC).casefold().translate(ALIKE).split())


def described(character: str) -> str:
    """A character with its name, where a reader might not see which it is: «1» (DIGIT ONE)."""
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return f"«{character}» ({name})" if character.isprintable() else name

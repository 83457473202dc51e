"""What somebody set by hand a file replaces only where that is asked for; what a file brought in a file may correct."""

from domain.writing.refusals import Refused

HAND_SET = Refused(
    "HAND_SET",
    "Something else was entered by hand; it is changed only when overwriting is asked for.",
    "Вручную внесено другое; меняется только с разрешением перезаписи.",
)


def refused_replacing(*, by_file: bool, overwrite: bool) -> Refused | None:
    """Why what stands may not be replaced by a file. It is for the file what a version is for the pen."""
    return None if by_file or overwrite else HAND_SET

"""A value that is not taken, whichever door it came to: stable code, both texts, and details for programs."""


class RefusedValueError(ValueError):
    """Why a value is not taken. Details hold what the texts name, and nothing of the rest of the value."""

    def __init__(self, code: str, english: str, russian: str, **details: str | int) -> None:
        super().__init__(code)
        self.code, self.english, self.russian, self.details = code, english, russian, details

"""Files of schools and authorities, read as they are: bytes to rows with issues. No I/O, nothing dropped, no guesses
in silence.
"""

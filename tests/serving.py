"""`python -m api …` by the tests' clock, for tests that start servers: `python -m tests.serving serve --workers 2`.

Worker processes import this module again as their main one, so the clock stands at the top of it.
"""

from tests import clock

clock.install()

if __name__ == "__main__":
    from api.__main__ import main

    main()

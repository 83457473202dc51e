"""Scalars take what the contract promises and nothing else; texts of arguments get the one form that cells get."""

from typing import Any

import pytest

from tests.schema.demo import Demo, id_of
from tests.schema.writing import Pen

pytestmark = pytest.mark.anyio

LESSONS = "query ($id: ID!, $day: Date!) { diary(studentId: $id) { lessons(since: $day, until: $day) { id } } }"
LOG = "query ($since: DateTime) { auditLog(first: 1, since: $since) { totalCount } }"

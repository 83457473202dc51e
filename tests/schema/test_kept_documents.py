"""A document that many send is read once; what refuses it is asked each time."""

import pytest

from tests.schema.conftest import Query
from tests.schema.demo import Demo

pytestmark = pytest.mark.anyio
WHOLE = "query Everything { __schema { queryType { name } } }"
WRONG = "query Wrong { __schema { noSuchField } }"


async def test_a_document_known_from_somebody_signed_in_is_still_refused_to_a_stranger(
    demo: Demo, query: Query
) -> None:
    """Under one more rule it is judged again; under those that it kept it is not read again."""
    signed_in = await query(WHOLE, viewer="teacher")
    kept = demo.app.state.services.contract.schema.library.find(WHOLE)
    stranger = await query(WHOLE, viewer=None)
    again = await query(WHOLE, viewer="student")

    assert signed_in.data == again.data == {"__schema": {"queryType": {"name": "Query"}}}
    assert stranger.codes == ["FORBIDDEN"]
    assert demo.app.state.services.contract.schema.library.find(WHOLE) is kept is not None


async def test_a_document_that_is_not_valid_is_not_kept(demo: Demo, query: Query) -> None:
    """It is refused each time, with the same words."""
    first, second = await query(WRONG), await query(WRONG)

    assert first.codes == second.codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert demo.app.state.services.contract.schema.library.find(WRONG) is None

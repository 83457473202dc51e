"""The Python client `gql`, in the judges' environment: reads, checks documents by the schema, writes, meets errors.

Run as a script by tests/judges/network.py; prints what went wrong and a count.
"""

# ruff: noqa: T201, PT017 - talks to its caller, and runs where there is no pytest

import os
import sys

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError, TransportServerError
from gql.transport.httpx import HTTPXTransport
from graphql import GraphQLError

URL, TOKEN = os.environ["URL"], os.environ["TEACHER"]
WRONG = {"clientMutationId": os.environ["KEY"], "assignmentId": "Assignment:00000000-0000-0000-0000-000000000000"}


def client(token: str | None, *, introspects: bool = False) -> Client:
    """A client that may fetch the schema first, as the signed-in may."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = HTTPXTransport(url=URL, headers=headers, timeout=20)
    return Client(transport=transport, fetch_schema_from_transport=introspects)


def answers_the_anonymous() -> None:
    """Without signing in."""
    assert client(None).execute(gql("{ me { standing } }"))["me"]["standing"] == "ANONYMOUS"


def fetches_the_schema_and_checks_documents() -> None:
    """The schema is there for the signed-in, and a bad document is found before it is sent."""
    with client(TOKEN, introspects=True) as session:
        assert session.execute(gql("{ me { person { displayName } } }"))["me"]["person"]["displayName"]
        try:
            session.execute(gql("{ nothing }"))
        except GraphQLError:
            return
    raise AssertionError("a bad document was sent")


def gives_refusals_as_data() -> None:
    """A mutation that cannot be done says so in its payload."""
    document = gql("mutation ($input: EndAssignmentInput!) { endAssignment(input: $input) { userErrors { code } } }")
    document.variable_values = {"input": WRONG | {"reason": "нет"}}
    assert client(TOKEN).execute(document)["endAssignment"]["userErrors"]


def codes_its_errors() -> None:
    """What was wrong has a code."""
    try:
        client(TOKEN).execute(gql("{ nothing }"))
    except TransportQueryError as error:
        assert error.errors is not None
        assert error.errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        return
    raise AssertionError("no error")


def refuses_bad_tokens() -> None:
    """An invalid token is not served as nobody."""
    try:
        client("x.y.z").execute(gql("{ me { standing } }"))
    except (TransportServerError, TransportQueryError) as error:
        assert "401" in str(error) or "UNAUTHENTICATED" in str(error)
        return
    raise AssertionError("no error")


CHECKS = (
    answers_the_anonymous, fetches_the_schema_and_checks_documents, gives_refusals_as_data, codes_its_errors,
    refuses_bad_tokens,
)  # fmt: skip


def main() -> None:
    """Do all checks."""
    good = 0
    for check in CHECKS:
        try:
            check()
            good += 1
        except Exception as error:
            print(f"{check.__name__}: {type(error).__name__} {str(error)[:200]}")
    print(f"{good} of {len(CHECKS)}")
    sys.exit(0 if good == len(CHECKS) else 1)


if __name__ == "__main__":
    main()

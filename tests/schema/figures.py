"""Documents and names that the tests of observations and ratings share."""

from typing import Any
from uuid import uuid4

from tests.schema.demo import Answer, Demo, id_of

REGION, EIGHTH, OTHER = (
    id_of("Organisation", name) for name in ("other-region", "eighth-municipality", "other-region-municipality")
)
COORDINATOR, REGIONAL, SECOND = "korkino-coordinator", "chelyabinsk-coordinator", "chelyabinsk-publisher"
PERIOD = "2020/2022"
CHELYABINSK = "chelyabinsk-quality"
CONDITIONS = "CHELYABINSK_CONDITIONS"

RECORD = """
  mutation ($input: RecordObservationsInput!) {
    recordObservations(input: $input) {
      observations { id value shown numerator denominator noData version provenance history { version value } }
      userErrors {
        __typename code path
        ... on VersionConflict { currentVersion current { id } }
        ... on Locked { lockedFor { id } role lockedAt }
      }
    }
  }
"""
APPROVE = """
  mutation ($input: ApproveObservationsInput!) {
    approveObservations(input: $input) { approvals { action period role } userErrors { __typename code path } }
  }
"""
UNLOCK = """
  mutation ($input: UnlockObservationsInput!) {
    unlockObservations(input: $input) { approvals { action reason } userErrors { __typename code path } }
  }
"""
COMPUTE = """
  mutation ($input: ComputeRatingInput!) {
    computeRating(input: $input) {
      rating { id version digest period knownAt state previous { version } warnings { code place } }
      userErrors { code path message }
    }
  }
"""
PUBLISH = """
  mutation ($input: PublishRatingInput!) {
    publishRating(input: $input) {
      rating { id state decidedAt previous { version } } userErrors { code path message }
    }
  }
"""
WITHDRAW = """
  mutation ($input: WithdrawRatingInput!) {
    withdrawRating(input: $input) { rating { id state withdrawnBecause } userErrors { code path message } }
  }
"""


def said(organisation: str, indicator: str, period: str = "2023", **value: Any) -> dict[str, Any]:
    """A row of recordObservations."""
    return {"organisationId": organisation, "indicator": indicator, "period": period, **value}


async def record(demo: Demo, viewer: str | None, *rows: dict[str, Any], key: str | None = None) -> Answer:
    """Record values as somebody."""
    return await demo.query(
        RECORD, {"input": {"clientMutationId": key or str(uuid4()), "observations": list(rows)}}, viewer=viewer
    )


async def decide(demo: Demo, document: str, viewer: str | None, organisation: str, **given: Any) -> Answer:
    """Approve or unlock the figures of the published rating."""
    values = {"organisationId": organisation, "indicators": [CONDITIONS], "period": PERIOD} | given
    return await demo.query(document, {"input": {"clientMutationId": str(uuid4()), **values}}, viewer=viewer)


async def compute(demo: Demo, viewer: str | None = REGIONAL, **given: Any) -> Answer:
    """Compute the rating of the municipalities of Chelyabinsk region."""
    [methodology] = demo.ask("select id from methodology where code = :code", code=given.pop("code", CHELYABINSK))
    values = {
        "methodologyId": f"Methodology:{methodology.id}",
        "regionId": REGION,
        "ratedKind": "MUNICIPALITY",
        "period": PERIOD,
    } | given
    return await demo.query(COMPUTE, {"input": {"clientMutationId": str(uuid4()), **values}}, viewer=viewer)


async def publish(demo: Demo, rating: str, viewer: str | None = SECOND) -> Answer:
    """Publish a draft, as the region's second coordinator unless told otherwise."""
    return await demo.query(PUBLISH, {"input": {"clientMutationId": str(uuid4()), "ratingId": rating}}, viewer=viewer)


async def withdraw(demo: Demo, rating: str, reason: str = "Ошибка в данных", viewer: str | None = SECOND) -> Answer:
    """Withdraw a rating with a reason."""
    given = {"clientMutationId": str(uuid4()), "ratingId": rating, "reason": reason}
    return await demo.query(WITHDRAW, {"input": given}, viewer=viewer)

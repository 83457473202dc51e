"""What a node of the tree is, as the contract shows it."""

from domain.records.organisations import OrganisationKind
from schema.engine.enums import explained

explained(
    OrganisationKind,
    "What a node of the tree is (вид организации).",
    REGION="Region (субъект РФ, регион).",
    MUNICIPALITY="Municipality (муниципальное образование).",
    EDUCATION_AUTHORITY="Education authority (орган управления образованием, МОУО).",
    SCHOOL="School (общеобразовательная организация).",
    PRESCHOOL="Preschool (дошкольная организация).",
    VOCATIONAL="Vocational organisation (СПО).",
    EXTRA_EDUCATION="Extra education (дополнительное образование).",
)

__all__ = ["OrganisationKind"]

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

KIND_WORDS: dict[OrganisationKind, tuple[str, str]] = {
    OrganisationKind.REGION: ("region", "регион"),
    OrganisationKind.MUNICIPALITY: ("municipality", "муниципальное образование"),
    OrganisationKind.EDUCATION_AUTHORITY: ("education authority", "орган управления образованием"),
    OrganisationKind.SCHOOL: ("school", "школа"),
    OrganisationKind.PRESCHOOL: ("preschool", "дошкольная организация"),
    OrganisationKind.VOCATIONAL: ("vocational organisation", "СПО"),
    OrganisationKind.EXTRA_EDUCATION: ("extra education", "дополнительное образование"),
}
"""The kinds within a sentence, in English and Russian."""

__all__ = ["KIND_WORDS", "OrganisationKind"]

"""Words about people, as the contract shows them."""

from domain.records.organisations import Provenance
from domain.records.users import Gender, GuardianshipKind
from schema.engine.enums import explained

explained(
    Provenance,
    "Where a row comes from (происхождение).",
    PUBLISHED="From a published source (опубликовано).",
    SYNTHETIC="Invented for demonstration (вымышлено для показа).",
    ENTERED="Entered here (введено в системе).",
)
explained(Gender, "As in the person record of ESIA (пол).", FEMALE="Female (женский).", MALE="Male (мужской).")
explained(
    GuardianshipKind,
    "On what ground somebody represents a child (основание представительства).",
    PARENT="Parent (родитель).",
    ADOPTIVE_PARENT="Adoptive parent (усыновитель).",
    GUARDIAN="Guardian (опекун, попечитель).",
)

__all__ = ["Gender", "GuardianshipKind", "Provenance"]

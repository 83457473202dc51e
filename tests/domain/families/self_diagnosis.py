"""Plays the cases of the self-diagnosis and of the accreditation indicator."""

from dataclasses import replace
from typing import Any

from domain.scoring.accreditation import accredit
from domain.scoring.self_diagnosis import Check, Fact, Part, Share, assess, assess_item
from tests.domain.families.catalogue import CATALOGUE


def facts(case: dict[str, Any]) -> dict[str, Fact]:
    return {
        name: Share(tuple(Part(*part) for part in value)) if isinstance(value, list) else value
        for name, value in case["facts"].items()
    }


def blocked_by(check: Check) -> str:
    return f"{check.requirement.fact}: {'not known' if check.found is None else check.found}"


def item(case: dict[str, Any]) -> dict[str, Any]:
    asked = next(each for each in CATALOGUE().self_diagnosis.items if each.code == case["item"])
    result = assess_item(asked, facts(case))
    return {
        "level": result.level,
        "decided": result.decided,
        "blocking": [blocked_by(check) for check in result.blocking],
        "held_back": list(result.held_back),
    }


def criterion(case: dict[str, Any]) -> dict[str, Any]:
    result = assess(CATALOGUE().self_diagnosis.items, facts(case))
    levels = [each.level for each in result.items]
    return {"points": result.points, "maximum": result.maximum, "decided": result.decided, "levels": levels}


def accreditation(case: dict[str, Any]) -> dict[str, Any]:
    rule = replace(CATALOGUE().accreditation.rule, needed=case.get("needed"))
    found = accredit(rule, case["signs"])
    points = {} if found.points is None else {"points": found.points}
    return {**points, "absent": list(found.absent), "unknown": list(found.unknown)}


FAMILIES = {"self-diagnosis item": item, "self-diagnosis criterion": criterion, "accreditation": accreditation}

"""Opening: whether a field may be answered on its row, and what is counted and recorded of that."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, func, or_

from domain.anchors import Anchor
from domain.sensitivity import Sensitivity
from schema.engine.compiled.compiler import Compiler, Form, Place, Sight
from schema.engine.compiled.json_text import NULL, fixed
from schema.engine.compiled.part import ONE, ZERO, Part, Reading
from schema.engine.mapping.plan import daily, sight
from schema.engine.mapping.storage import Binding, Mapping


def opened(form: Form) -> Form:
    """The form of a field, written only as far as the viewer may see it; the rest is null and counted."""

    def write(compiler: Compiler, place: Place) -> Part:
        if place.binding.mapping is None or place.scope.row is None:
            return form(compiler, place) if _opens_root(compiler, place.binding) else _refused(place.binding)
        full, masked = sight(place.binding.mapping, place.scope.row, compiler.shape, place.binding)
        condition = either(full, masked)
        if condition is False:
            return _refused(place.binding)
        part = form(compiler, replace(place, full=full, masked=masked))
        if not isinstance(condition, bool):
            part = part.only_if(condition, NULL)
            _count(part, place.binding, case((condition, ZERO), else_=ONE))
        if place.binding.sensitivity is Sensitivity.P3 and full is not False:
            part.read.append(_special(place, full))
        return part

    return write


def either(full: Sight, masked: Sight) -> Sight:
    """Whether anything is seen at all."""
    if isinstance(full, bool):
        return True if full else masked
    return masked or full if isinstance(masked, bool) else or_(full, masked)


def persons(mapping: Mapping, row: Any) -> ColumnElement[str]:
    """Whom a row is about: their ids with spaces between, empty when it is about nobody."""
    columns = [cast(getattr(row, name), Text) for name in mapping.facet.anchored(Anchor.PERSON)]
    return func.concat_ws(fixed(" "), *columns) if columns else fixed("")


def reading(compiler: Compiler, mapping: Mapping, row: Any) -> list[tuple[Reading, ColumnElement[str]]]:
    """What the access journal must know when this row is read; nothing where that is daily work."""
    own = daily(mapping, row, compiler.shape)
    if own is True:
        return []
    told = persons(mapping, row)
    return [((mapping.name, mapping.sensitivity), told if own is False else case((own, None), else_=told))]


def _opens_root(compiler: Compiler, binding: Binding) -> bool:
    return binding.mapping is not None or binding.permission is None or bool(compiler.shape.grants(binding.permission))


def _refused(binding: Binding) -> Part:
    part = Part(NULL)
    _count(part, binding, ONE)
    return part


def _count(part: Part, binding: Binding, count: ColumnElement[int]) -> None:
    if binding.permission is not None:
        part.refuse((binding.coordinate, binding.permission), count)


def _special(place: Place, full: Sight) -> tuple[Reading, ColumnElement[str]]:
    mapping = place.binding.mapping
    if mapping is None:
        raise TypeError(f"{place.binding.coordinate} is on no row")
    told = persons(mapping, place.scope.row)
    return (place.binding.coordinate, Sensitivity.P3), case((full, told)) if not isinstance(full, bool) else told

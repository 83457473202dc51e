"""What the audit calls changes of this noun, and the codes by which they are refused."""

from schema.engine.mutations.audit import AuditAction


class Audited(AuditAction):
    """`subject:object:action`."""

    PAGE_WRITE = "journal:page:write"
    PAGE_REOPEN = "journal:page:reopen"
    REOPENING_END = "journal:reopening:end"
    MARK_WRITE = "journal:mark:write"
    MARK_WITHDRAW = "journal:mark:withdraw"
    PROPOSALS_KEEP = "journal:proposals:keep"
    PROPOSAL_SETTLE = "journal:proposal:settle"
    ATTENDANCE_RECORD = "journal:attendance:record"
    ATTENDANCE_CLEAR = "journal:attendance:clear"
    ATTENDANCE_EXCUSE = "journal:attendance:excuse"
    LESSON_UPDATE = "journal:lesson:update"
    SLOT_ADD = "journal:slot:add"
    SLOT_UPDATE = "journal:slot:update"
    PERIOD_CLOSE = "organisation:period:close"


CODES = {
    "cells": (
        "LESSON_NOT_YOURS",
        "VALUE_OUT_OF_SCALE",
        "POSITION",
        "LESSON_CANCELLED",
        "LESSON_REPLACED",
        "STUDENT_NOT_JOINED",
        "STUDENT_LEFT",
        "MARK_WITH_ABSENCE",
        "REASON_RESERVED",
        "REASON_SET",
        "NOT_A_REASON",
        "DUPLICATE_CELL",
    ),
    "columns and lessons": (
        "WEIGHT",
        "DUE_LESSON",
        "TOO_MANY_SLOTS",
        "STATUS",
    ),
    "periods": (
        "ALREADY_REOPENED",
        "REOPENING_HOURS",
        "ALREADY_ENDED",
        "PERIOD_NOT_OVER",
        "ALREADY_CLOSED",
    ),
    "kept marks": ("ALREADY_SETTLED",),
}
"""Codes of InvalidInput, by what they are about."""

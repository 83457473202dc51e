"""What is declared of cost: fields dearer than their objects, and how many items a list is taken to have."""

LIST_SIZE = 100
"""Of a list that nobody has declared yet: dear, so that it is declared."""
CHANGE = 10
"""Of a mutation: checks, locks, versions, events."""
COUNT = 10
"""Of counting a whole list for `totalCount`."""
INTROSPECTION = {"__schema": 100, "__type": 10}
"""A known amount, whatever is asked of the schema: it is in memory, and GraphQL's own rule bounds its depth."""

WEIGHTS = {
    "JournalLine.proposedMark": 5,
    "Journal.proposals": 5,
    "Lesson.viewerCan": 2,
    "Organisation.liveIndicator": 50,
    "Student.reportCard": 50,
    "RatingEntry.explanation": 50,
    "RatingEntry.robustness": 500,
    "Query.robustness": 1_000,
    "Query.whatIf": 500,
    "Mutation.computeRating": 1_000,
    "Mutation.computeObservations": 500,
    "Mutation.confirmSummaryMarks": 50,
    "Mutation.recordObservations": 100,
    "Mutation.startImport": 100,
    "Mutation.writeJournalPage": 100,
}
"""Points for resolving a field once, besides one for every object behind it."""

SIZES = {
    "AmbiguousAssignment.candidates": 5,
    "ApprovalsPayload.approvals": 20,
    "AttendanceRecord.history": 3,
    "ClassGroup.enrolments": 30,
    "ClassGroup.subjectGroups": 20,
    "ConfirmSummaryMarksPayload.summaryMarks": 30,
    "DiaryChanged.changes": 5,
    "Distance.holders": 3,
    "Distance.ways": 20,
    "EntryChange.inputs": 20,
    "Explanation.contributions": 20,
    "Explanation.looksEqual": 3,
    "Explanation.tiedWith": 3,
    "ImportRow.issues": 3,
    "ImportRun.issues": 10,
    "Indicator.baselines": 5,
    "Indicator.remarks": 3,
    "Indicator.targets": 10,
    "Journal.lessons": 25,
    "Journal.lines": 30,
    "Journal.proposals": 10,
    "Journal.reopenings": 3,
    "Journal.summaryMarks": 30,
    "JournalChanged.changes": 10,
    "JournalLine.attendance": 5,
    "JournalLine.attendanceHistory": 10,
    "JournalLine.history": 30,
    "JournalLine.marks": 15,
    "JournalLine.proposals": 3,
    "JournalLine.summaryHistory": 5,
    "JournalLine.summaryMarks": 3,
    "JournalPagePayload.proposals": 10,
    "Lesson.attendance": 5,
    "Lesson.history": 3,
    "Lesson.marks": 15,
    "Lesson.slots": 2,
    "LiveIndicator.parts": 5,
    "Mark.history": 3,
    "MarkPayload.proposals": 1,
    "Me.assignments": 5,
    "Me.children": 3,
    "Methodology.inputs": 50,
    "Methodology.levels": 5,
    "Methodology.sections": 10,
    "Observation.history": 3,
    "ObservationsPayload.observations": 50,
    "Organisation.branches": 5,
    "Organisation.classGroups": 40,
    "Organisation.gradingPeriods": 10,
    "Organisation.registryIssues": 5,
    "Procedure.indicators": 10,
    "Query.robustness": 50,
    "Query.whatIf": 10,
    "Rating.warnings": 20,
    "RatingComputed.ratings": 2,
    "RatingEntry.remarks": 3,
    "ReportCard.periods": 5,
    "ReportCard.rows": 20,
    "ReportCardRow.periods": 5,
    "StaffMember.positions": 3,
    "Student.enrolments": 5,
    "Student.guardianships": 3,
    "Student.summaryMarks": 60,
    "SubjectGroup.journals": 2,
    "SummaryMark.history": 3,
    "Tie.differences": 20,
    "WhatIfSection.changes": 50,
}
"""How many objects a list without `first` usually has: the expectation, its hard maximum is in its description."""
USER_ERRORS = 5
"""Of `userErrors` of every payload."""

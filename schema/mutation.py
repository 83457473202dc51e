"""Mutation: the roots of change. Each stands with its noun; this is the list."""

from schema.engine.mapping.declare import structure
from schema.enrolments import enrolling, snils, transferring, withdrawing
from schema.figures import approvals, observation_computing, observation_writing, rating_computing
from schema.imports import starting
from schema.journals import (
    attendance_writing,
    lessons_writing,
    marks_settling,
    marks_writing,
    page,
    reopenings_writing,
    slots_writing,
    windows_periods,
)
from schema.organisations import policies_writing
from schema.people import assignments, cases, consents_giving, guardianships_changing, identities_linking
from schema.registers import achievements, rehabilitation, screenings, staff_files
from schema.summaries import confirmations


@structure("Where changes begin (изменения).")
class Mutation:
    """The mutations."""

    grant_assignment = assignments.grant_assignment
    confirm_assignment = assignments.confirm_assignment
    end_assignment = assignments.end_assignment
    open_case = cases.open_case
    enrol_student = enrolling.enrol_student
    transfer_student = transferring.transfer_student
    withdraw_student = withdrawing.withdraw_student
    find_person_by_snils = snils.find_person_by_snils
    propose_guardianship = guardianships_changing.propose_guardianship
    confirm_guardianship = guardianships_changing.confirm_guardianship
    end_guardianship = guardianships_changing.end_guardianship
    link_account = identities_linking.link_account
    unlink_account = identities_linking.unlink_account
    record_observations = observation_writing.record_observations
    compute_observations = observation_computing.compute_observations
    approve_observations = approvals.approve_observations
    unlock_observations = approvals.unlock_observations
    compute_rating = rating_computing.compute
    confirm_summary_marks = confirmations.confirm_summary_marks
    confirm_course_marks = confirmations.confirm_course_marks
    write_journal_page = page.write_journal_page
    write_mark = marks_writing.write_mark
    withdraw_mark = marks_writing.withdraw_mark
    record_attendance = attendance_writing.record_attendance
    clear_attendance = attendance_writing.clear_attendance
    excuse_absence = attendance_writing.excuse_absence
    update_lesson = lessons_writing.update_lesson
    add_assessment_slot = slots_writing.add_assessment_slot
    update_assessment_slot = slots_writing.update_assessment_slot
    reopen_journal = reopenings_writing.reopen_journal
    end_reopening = reopenings_writing.end_reopening
    close_grading_period = windows_periods.close_grading_period
    update_organisation_policy = policies_writing.update_organisation_policy
    settle_proposal = marks_settling.settle_proposal
    record_employment = staff_files.record_employment
    record_achievement = achievements.record_achievement
    plan_rehabilitation_measure = rehabilitation.plan_rehabilitation_measure
    report_rehabilitation_measure = rehabilitation.report_rehabilitation_measure
    record_screening = screenings.record_screening
    give_consent = consents_giving.give_consent
    revoke_consent = consents_giving.revoke_consent
    start_import = starting.start_import
    cancel_import = starting.cancel_import

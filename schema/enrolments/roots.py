"""What this noun brings to the contract: who enters, changes and leaves classes."""

from schema.engine.noun import Noun
from schema.enrolments import enrolling, snils, transferring, withdrawing
from schema.enrolments.audited import CODES, Audited


class Mutations:
    """Where changes begin."""

    enrol_student = enrolling.enrol_student
    transfer_student = transferring.transfer_student
    withdraw_student = withdrawing.withdraw_student
    find_person_by_snils = snils.find_person_by_snils


NOUN = Noun(mutations=Mutations, codes=CODES, audited=Audited)

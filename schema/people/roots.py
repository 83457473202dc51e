"""What this noun brings to the contract: who is who, roles, families, accounts."""

from strawberry.types import Info

from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import computed, lookup, page
from schema.engine.mapping.pages import Connection
from schema.engine.mapping.storage import Section
from schema.engine.noun import Noun
from schema.people import assignments, cases, consents_giving, guardianships_changing, identities_linking
from schema.people.assignment_refusals import AmbiguousAssignment, StateConflict
from schema.people.audited import CODES, Audited
from schema.people.consents import ServiceClient
from schema.people.guardianships import GuardianshipProposal, listed_proposals
from schema.people.identities import IdentityMismatch, listed_mismatches
from schema.people.me import Me
from schema.people.users import Student


class Queries:
    """Where reading begins."""

    @computed(
        "Who is asking (кто спрашивает): you, your roles, your children.",
        PUBLIC,
        sensitivity=Sensitivity.P0,
        known=Section(),
    )
    def me(self, info: Info) -> Me:
        return Me()

    student: Student | None = lookup("A student by id (обучающийся).")
    guardianship_proposals: Connection[GuardianshipProposal] | None = page(
        "Proposals of who represents a student that you may see (заявки на законное представительство), oldest first.",
        PUBLIC,
        order=("proposed_at", "id"),
        where=listed_proposals,
    )
    identity_mismatches: Connection[IdentityMismatch] | None = page(
        "Accounts that signed in and contradict what is held of the person they seem to be (расхождения при входе),"
        " oldest first.",
        PUBLIC,
        order=("noticed_at", "id"),
        where=listed_mismatches,
    )
    service_clients: Connection[ServiceClient] | None = page(
        "Other systems that may ask for the records of those who consent (внешние системы), by name.",
        PUBLIC,
        order=("name", "id"),
    )


class Mutations:
    """Where changes begin."""

    grant_assignment = assignments.grant_assignment
    confirm_assignment = assignments.confirm_assignment
    end_assignment = assignments.end_assignment
    open_case = cases.open_case
    propose_guardianship = guardianships_changing.propose_guardianship
    confirm_guardianship = guardianships_changing.confirm_guardianship
    end_guardianship = guardianships_changing.end_guardianship
    link_account = identities_linking.link_account
    unlink_account = identities_linking.unlink_account
    give_consent = consents_giving.give_consent
    revoke_consent = consents_giving.revoke_consent


NOUN = Noun(
    queries=Queries,
    mutations=Mutations,
    refusals=(
        AmbiguousAssignment,
        StateConflict,
    ),
    codes=CODES,
    audited=Audited,
)

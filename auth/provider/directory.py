"""Who exists: demo people in development, child accounts always."""

from auth.provider.config import ProviderConfig
from auth.provider.people import DemoPerson, load_people
from auth.provider.person import Person
from auth.provider.school_people import school_person
from auth.provider.storage.children import ChildAccounts


class Directory:
    """Finds people by subject or key. Outside development mode the demo people do not exist."""

    def __init__(self, config: ProviderConfig, children: ChildAccounts) -> None:
        self._config = config
        self._children = children
        self._demo = load_people() if config.development else {}

    def demo_people(self) -> list[DemoPerson]:
        """The people to choose from at the stand-in, in order; children have a form of their own."""
        return [person for person in self._demo.values() if person.login is None]

    def demo_children(self) -> list[DemoPerson]:
        """Demo people with a login and a passphrase."""
        return [person for person in self._demo.values() if person.login]

    def demo_person(self, key_or_oid: str) -> DemoPerson | None:
        """A demo person by key or number; those of large schools too, who are too many to be listed."""
        if not self._config.development:
            return None
        found = self._demo.get(key_or_oid)
        listed = found or next((person for person in self._demo.values() if person.oid == key_or_oid), None)
        return listed or school_person(key_or_oid)

    async def find(self, subject: str) -> Person | None:
        """The person of a subject; None when there is none, or the account has ended since."""
        adult = self.demo_person(subject)
        if adult and adult.oid == subject and adult.login is None:
            return adult
        return await self._children.person(subject, self._config.today)

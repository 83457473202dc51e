"""What a subscription answers with: each kind of news, with the cursor from which to go on."""

from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import interface, structure, value
from schema.events.changed import Change
from schema.figures.ratings import Rating
from schema.imports.run import ImportRun
from schema.journals.journal import Journal
from schema.people.me import Me
from schema.people.users import Student

CURSOR = "Send it as `since` to go on from here (курсор), by any connection, for 14 days."
RESYNC = (
    "Whether something is not told one by one (нужно перечитать): more happened than fits, you were away for too"
    " long, or your rights have changed. Read what you show again."
)
CHANGES = "What changed, each object once (изменения); none in the first answer without `since`. At most 200."


@interface("News of a subscription (новость).")
class News:
    """What all news have."""

    cursor: str = value(CURSOR, PUBLIC)
    resync_required: bool = value(RESYNC, PUBLIC)


@structure("Something changed in a student's diary (изменился дневник).")
class DiaryChanged(News):
    """News of a diary."""

    student: Student = value("Whose diary (обучающийся).", PUBLIC, Sensitivity.P2)
    changes: list[Change] = value(CHANGES, PUBLIC, Sensitivity.P1, usually=5)


@structure("Something changed on a page of the journal (изменилась страница журнала).")
class JournalChanged(News):
    """News of a page."""

    journal: Journal = value("Which page (страница).", PUBLIC, Sensitivity.P1)
    changes: list[Change] = value(CHANGES, PUBLIC, Sensitivity.P1, usually=10)


@structure("An import went on (загрузка продвинулась).")
class ImportProgressed(News):
    """News of an import."""

    import_run: ImportRun = value("The import as it is now (загрузка).", PUBLIC, Sensitivity.P1)


@structure("Ratings were published (опубликован рейтинг).")
class RatingComputed(News):
    """News of ratings."""

    ratings: list[Rating] = value(
        "Published versions (рейтинги), at most 100; none in the first answer.", PUBLIC, usually=2
    )


@structure("Your own rights changed (изменились ваши права).")
class RightsChanged(News):
    """News of oneself."""

    me: Me = value("You, as you stand now (вы).", PUBLIC)

"""What the issues of an import say, in English and Russian."""

from collections.abc import Mapping

from domain.imports.file_messages import OF_FILES, read_as_header
from domain.imports.issues import IssueCode
from domain.writing.cells import MARK_WITH_ABSENCE, NOT_HELD, OUT_OF_SCALE, POSITION
from domain.writing.enrolments import CONFLICTS
from domain.writing.hand_set import HAND_SET
from domain.writing.stays import LEFT, NOT_JOINED

MESSAGES: dict[IssueCode, tuple[str, str]] = {
    **OF_FILES,
    IssueCode.NOT_ACCEPTED: (
        "The database did not accept the row.",
        "База данных не приняла строку.",
    ),
    IssueCode.FORMULA: (
        "A formula stands where a value should: formulas are never worked out.",
        "В ячейке формула, а не значение: формулы не вычисляются.",
    ),
    IssueCode.VALUE_MISSING: (
        "A value that is needed is not there.",
        "Не заполнено обязательное значение.",
    ),
    IssueCode.VALUE_TOO_LONG: (
        "The value is longer than any such value is.",
        "Слишком длинное значение.",
    ),
    IssueCode.CELL_SUSPICIOUS: (
        "A line break or another cell's separator stands inside the value: is a quotation mark missing?",
        "Внутри значения перенос строки или разделитель ячеек: не потеряна ли кавычка?",
    ),
    IssueCode.ROW_TOO_LONG: (
        "The row has more cells than the header: is there a separator too many?",
        "В строке больше ячеек, чем в заголовке: нет ли лишнего разделителя?",
    ),
    IssueCode.ROW_REPEATED: (
        "An earlier row of the file is about the same.",
        "Строка повторяет одну из предыдущих.",
    ),
    IssueCode.POSSIBLE_DUPLICATE: (
        "It may be the same as another: a person has to decide.",
        "Возможный дубль: решает человек.",
    ),
    IssueCode.DATE_UNREADABLE: (
        "This is no date.",
        "Это не дата.",
    ),
    IssueCode.DATE_OUTSIDE_PERIOD: (
        "The date lies outside the grading period of the page.",
        "Дата вне учебного периода этой страницы.",
    ),
    IssueCode.LESSON_NOT_HELD_YET: (
        "The lesson has not been held yet.",
        "Урок ещё не проведён.",
    ),
    IssueCode.LESSON_UNKNOWN: (
        "The page has no lesson on this date.",
        "На странице нет урока с этой датой.",
    ),
    IssueCode.SLOT_UNKNOWN: (
        "The lesson has no column with this code.",
        "У урока нет колонки с таким кодом.",
    ),
    IssueCode.CELL_UNREADABLE: (
        "Neither a mark nor a known letter.",
        "Не отметка и не известное обозначение.",
    ),
    IssueCode.PUPIL_UNKNOWN: (
        "Nobody on the page has this number or name.",
        "На странице нет обучающегося с таким номером или именем.",
    ),
    IssueCode.PUPIL_AMBIGUOUS: (
        "Several on the page have this name.",
        "На странице несколько обучающихся с таким именем.",
    ),
    IssueCode.NUMBER_AND_NAME_DIFFER: (
        "Under this number somebody else stands on the page.",
        "Под этим номером на странице другой обучающийся.",
    ),
    IssueCode.OGRN_MISSING: (
        "No OGRN.",
        "Нет ОГРН.",
    ),
    IssueCode.OGRN_CHECK_DIGIT_FAILED: (
        "The check digit of the OGRN does not fit.",
        "ОГРН не сходится.",
    ),
    IssueCode.INN_MISSING: (
        "No INN.",
        "Нет ИНН.",
    ),
    IssueCode.INN_CHECK_DIGIT_FAILED: (
        "The check digit of the INN does not fit.",
        "ИНН не сходится.",
    ),
    IssueCode.COLUMNS_SLIPPED: (
        "Cells stood in the wrong columns and were put back.",
        "Сдвиг столбцов: значения возвращены на место.",
    ),
    IssueCode.HEAD_UNRESOLVED: (
        "The head organisation could not be told.",
        "Головная организация не определена.",
    ),
    IssueCode.MUNICIPALITY_UNKNOWN: (
        "The municipality could not be told.",
        "Муниципалитет не определён.",
    ),
    IssueCode.NAME_CUT: (
        "The source cut the name.",
        "Название обрезано в источнике.",
    ),
    IssueCode.OTHER_REGION: (
        "The row is about another region.",
        "Строка относится к другому региону.",
    ),
    IssueCode.NAME_UNREADABLE: (
        "This is no name of a person: last, first and middle name.",
        "Это не фамилия, имя и отчество.",
    ),
    IssueCode.NAME_CHARACTER: (
        "A name has no such character here: {character}, place {place}.",
        "В имени здесь не бывает такого знака: {character}, по счёту {place}.",
    ),
    IssueCode.BIRTH_DATE_IN_FUTURE: (
        "Nobody is born today or later.",
        "Дата рождения не может быть сегодняшней или будущей.",
    ),
    IssueCode.BIRTH_DATE_TOO_EARLY: (
        "Nobody alive was born so long ago.",
        "Слишком давняя дата рождения.",
    ),
    IssueCode.BIRTH_DATE_UNLIKELY: (
        "An unusual age for somebody in a class: look at the date of birth.",
        "Необычный возраст для обучающегося: проверьте дату рождения.",
    ),
    IssueCode.PATRONYMIC_DIFFERS: (
        "Whoever has this name here has another patronymic.",
        "У человека с этим именем здесь другое отчество.",
    ),
    IssueCode.GUARDIAN_LEFT_OUT: (
        "The representative is left out, the student is taken in.",
        "Представитель не загружен, обучающийся загружен.",
    ),
    IssueCode.GENDER_UNREADABLE: (
        "This is no gender: м or ж.",
        "Пол не распознан: м или ж.",
    ),
    IssueCode.CLASS_UNREADABLE: (
        "This is no name of a class.",
        "Это не название класса.",
    ),
    IssueCode.CLASS_UNKNOWN: (
        "The school has no such class in this school year.",
        "В школе нет такого класса в этом учебном году.",
    ),
    IssueCode.SNILS_UNREADABLE: (
        "A SNILS has 11 digits.",
        "СНИЛС состоит из 11 цифр.",
    ),
    IssueCode.SNILS_CHECK_FAILED: (
        "The check number of the SNILS does not fit.",
        "Контрольное число СНИЛС не сходится.",
    ),
    IssueCode.PHONE_UNREADABLE: (
        "This is no telephone number.",
        "Это не номер телефона.",
    ),
    IssueCode.EMAIL_UNREADABLE: (
        "This is no e-mail address.",
        "Это не адрес электронной почты.",
    ),
    IssueCode.RELATION_UNKNOWN: (
        "Not a ground on which somebody represents a child by law.",
        "Не основание законного представительства.",
    ),
    IssueCode.ALREADY_ENDED: (
        "The place in the class has an end already.",
        "У места в классе уже есть окончание.",
    ),
    IssueCode.NOT_IN_SCHOOL_YEAR: (
        "The first day lies outside the school year of the class.",
        "Первый день не относится к учебному году класса.",
    ),
    IssueCode.DATES: (
        "The place in the other class begins on that day or later: a transfer is later.",
        "Место в прежнем классе начинается в этот день или позже: перевод возможен позже.",
    ),
    IssueCode.PLACED: (
        "Enrolled: in the groups of the class and on their pages from the first day.",
        "Зачислен: внесён в группы класса и на их страницы журнала с первого дня.",
    ),
    IssueCode.MOVED: (
        "Transferred: the old place, its groups and pages end the day before, those of the new class begin.",
        "Переведён: прежнее место, группы и страницы закончились накануне, начались места в новом классе.",
    ),
    IssueCode.GROUPS_LEFT_OUT: (
        "Some subjects of the class are taught in several groups: name the student's.",
        "Часть предметов класса ведут в подгруппах: укажите подгруппы обучающегося.",
    ),
    IssueCode.ENROLLED_IN_OTHER_CLASS: (
        "In another class of this school.",
        "Числится в другом классе этой школы.",
    ),
    IssueCode.OWN_FAMILY: (
        "Nobody enters themselves or what gives themselves rights.",
        "Нельзя вносить самого себя и то, что даёт права самому себе.",
    ),
    IssueCode.ORGANISATION_UNKNOWN: (
        "No such organisation at or below the one that the file is for.",
        "Такой организации нет среди подведомственных.",
    ),
    IssueCode.ORGANISATION_AMBIGUOUS: (
        "Several organisations are meant by this; give the OGRN.",
        "Подходят несколько организаций; укажите ОГРН.",
    ),
    IssueCode.INDICATOR_UNKNOWN: (
        "The catalogue has no indicator of this code.",
        "В каталоге нет показателя с таким кодом.",
    ),
    IssueCode.PERIOD_UNREADABLE: (
        "This is no period: write 2026, 2026-11, 2026-W47 or 2020/2022.",
        "Это не период: пишите 2026, 2026-11, 2026-W47 или 2020/2022.",
    ),
    IssueCode.NUMBER_UNREADABLE: (
        "This is no number.",
        "Это не число.",
    ),
    IssueCode.REASON_UNREADABLE: (
        "This is no known reason for missing data.",
        "Неизвестная причина отсутствия данных.",
    ),
    IssueCode.VALUE_NEEDED: (
        "One of these is needed: a value, numerator with denominator, or why there is no data.",
        "Нужно одно из трёх: значение, числитель со знаменателем или причина отсутствия данных.",
    ),
    IssueCode.VALUE_OUT_OF_RANGE: (
        "The indicator's unit has no such value.",
        "В единицах этого показателя такого значения не бывает.",
    ),
    IssueCode.DENOMINATOR_ZERO: (
        "Where nobody is counted there is no value: say so in the column of missing data.",
        "Если считать некого, значения нет: укажите причину в столбце «Нет данных».",
    ),
    IssueCode.FIGURES_LOCKED: (
        "The figures are approved and locked.",
        "Показатели утверждены и закрыты.",
    ),
    # One rule, one saying of it: what the pen is told a file is told.
    **{
        IssueCode(refused.code): (refused.english, refused.russian)
        for refused in (OUT_OF_SCALE, POSITION, MARK_WITH_ABSENCE, *NOT_HELD.values(), NOT_JOINED, LEFT, HAND_SET)
    },
    **{IssueCode(code): (refused.english, refused.russian) for code, refused in CONFLICTS.items()},
}


def message(code: IssueCode, details: Mapping[str, str | int] | None = None) -> tuple[str, str]:
    """What an issue says, in English and Russian, with what it names filled in, and what was read as header."""
    known = dict(details or {})
    english, russian = (text.format(**known) if known else text for text in MESSAGES[code])
    return english + read_as_header(known)[0], russian + read_as_header(known)[1]

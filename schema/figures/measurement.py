"""Words of measurement in the contract: what an indicator counts, where a value comes from, whose methodology it is."""

from domain.measurement import Definition, Measures, Periodicity, TargetStatus, Unit
from domain.records.observations import ApprovalAction, NoDataReason
from domain.scoring.changes import Cause
from domain.scoring.contributions import State
from domain.scoring.levels import Colour
from domain.scoring.methodology import Status
from domain.scoring.observations import Direction, ObservationProvenance, UnitCounted
from schema.engine.enums import explained

explained(
    Unit,
    "What a value is counted in (единица).",
    called="IndicatorUnit",
    PERCENT="Per cent, 0 to 100 (процент).",
    POINTS="Points (баллы).",
    INDEX="An index, a ratio without a unit (индекс).",
    COUNT="A number of things or people (количество).",
)
explained(
    Direction,
    "Which way is better (направление).",
    HIGHER_IS_BETTER="More is better (больше — лучше).",
    LOWER_IS_BETTER="Less is better (меньше — лучше).",
)
explained(
    UnitCounted,
    "What is counted one by one (единица счёта): counts of different units make no figure together.",
    HEAD="Head organisations, with their branches rolled up (головные).",
    HEAD_AND_BRANCH="Every organisation for itself (головные и филиалы).",
    PERSON="People (люди).",
    NONE="Nothing is counted (не счёт).",
)
explained(
    Periodicity,
    "How often a value is taken (периодичность).",
    ONCE="Once (однократно).",
    WEEKLY="Every week (еженедельно).",
    MONTHLY="Every month (ежемесячно).",
    GRADING_PERIOD="Every grading period (за учебный период).",
    YEARLY="Every year (ежегодно).",
)
explained(
    Measures,
    "What is measured (что измеряется).",
    USED="What people do (использование).",
    PROVIDED="What was made ready for them (обеспечение).",
    ASSESSED="What an assessor found (оценка).",
)
explained(
    Definition,
    "Whose definition it is (чьё определение).",
    PUBLISHED="Somebody's that was published (опубликованное).",
    OURS="A proposal of this project, not anybody's official one (предложение проекта).",
)
explained(
    TargetStatus,
    "Whether a target binds (статус цели).",
    FIRM="It binds (обязательная).",
    REFERENCE="Only shown, «Справочно»: nobody is judged by it (справочная).",
)
explained(
    ObservationProvenance,
    "Where a value comes from (происхождение); it goes along with every figure made from it.",
    PUBLISHED="Published by its owner (опубликовано).",
    RECONSTRUCTED="Reconstructed from published results (восстановлено).",
    COMPUTED="Counted from the journals here (вычислено).",
    ENTERED="Entered by hand (введено).",
    IMPORTED="Brought in from a file (загружено).",
    SYNTHETIC="Invented (вымышлено).",
)
explained(
    NoDataReason,
    "Why there is no value (почему нет данных). Missing is not zero.",
    NOT_REPORTED="Nobody reported it (не сообщено).",
    NOT_APPLICABLE="It does not apply here (неприменимо).",
    NOBODY_COUNTED="There is nobody to count: the denominator is zero (некого считать).",
    SUPPRESSED="Fewer than five people stand behind it (скрыто: малая группа).",
)
explained(
    ApprovalAction,
    "What was decided about figures (решение).",
    APPROVE="Approved: locked for all below and for the approver (утверждено).",
    UNLOCK="Opened again, with a reason (открыто).",
)
explained(
    Status,
    "Whose numbers these are (статус методики).",
    called="MethodologyStatus",
    PUBLISHED="An authority's own method, as far as it was printed (опубликованная).",
    OWN="Our proposal, built on published cut-offs (предложение проекта).",
    SYNTHETIC="Invented, to show how it works: says nothing about anybody (вымышленная).",
)
explained(
    Colour,
    "Colour that a level is printed in (цвет). Never its only meaning.",
    called="LevelColour",
    RED="Red (красный).",
    ORANGE="Orange (оранжевый).",
    AMBER="Amber (янтарный).",
    YELLOW="Yellow (жёлтый).",
    GREEN="Green (зелёный).",
)
explained(
    State,
    "Whether an input's numbers can be shown (состояние показателя).",
    called="InputState",
    KNOWN="They are shown (показан).",
    MISSING="There is no data (нет данных).",
    WITHHELD="You may not see them (скрыт: нет права).",
    PUBLISHED="Its points are those of a section of this input alone, which everybody reads (опубликован: баллы"
    " раздела); the value behind them is withheld.",
)
explained(
    Cause,
    "Why an entry is not what it was (причина изменения).",
    called="ChangeCause",
    METHODOLOGY="Another methodology or version of it: points cannot be compared (другая методика).",
    OWN_INPUTS="Its own inputs changed (изменились собственные показатели).",
    OTHERS="Its points stayed, those of others did not (изменились другие).",
)

__all__ = [
    "ApprovalAction",
    "Cause",
    "Colour",
    "Definition",
    "Direction",
    "Measures",
    "NoDataReason",
    "ObservationProvenance",
    "Periodicity",
    "State",
    "Status",
    "TargetStatus",
    "Unit",
    "UnitCounted",
]

"""What GraphQL itself says of a document, in Russian: the frequent sentences; the rest stays as it is."""

import re

QUOTED = r"'([^']*)'"
SENTENCES = [
    (rf"Cannot query field {QUOTED} on type {QUOTED}\.", r"У типа «\2» нет поля «\1»."),
    (rf"Unknown argument {QUOTED} on field {QUOTED}\.", r"У поля «\2» нет аргумента «\1»."),
    (rf"Unknown argument {QUOTED} on directive {QUOTED}\.", r"У директивы «\2» нет аргумента «\1»."),
    (rf"Unknown type {QUOTED}\.", r"Нет типа «\1»."),
    (rf"Unknown directive {QUOTED}\.", r"Нет директивы «\1»."),
    (rf"Unknown fragment {QUOTED}\.", r"Нет фрагмента «\1»."),
    (rf"Fragment {QUOTED} is never used\.", r"Фрагмент «\1» нигде не используется."),
    (rf"Cannot spread fragment {QUOTED} within itself(.*)", r"Фрагмент «\1» вставлен сам в себя\2"),
    (rf"Variable {QUOTED} is never used(?: in operation {QUOTED})?\.", r"Переменная «\1» нигде не используется."),
    (rf"Variable {QUOTED} is not defined(?: by operation {QUOTED})?\.", r"Переменная «\1» не объявлена."),
    (
        rf"Variable {QUOTED} of type {QUOTED} used in position expecting type {QUOTED}\.",
        r"Переменная «\1» типа «\2» стоит там, где нужен тип «\3».",
    ),
    (
        rf"Argument {QUOTED} of type {QUOTED} is required, but it was not provided\.",
        r"Нужен аргумент «\1» типа «\2», он не передан.",
    ),
    (
        rf"Field {QUOTED} of type {QUOTED} must have a selection of subfields\.?",
        r"Укажите, какие поля нужны у «\1» («\2»).",
    ),
    (
        rf"Field {QUOTED} must not have a selection since type {QUOTED} has no subfields\.",
        r"У поля «\1» типа «\2» нет вложенных полей.",
    ),
    (
        rf"Variable {QUOTED} has invalid value(.*?): Expected a value of non-null type {QUOTED} to be provided\.",
        r"Нужна переменная «\1» типа «\3», она не передана.",
    ),
    (rf"Variable {QUOTED} has invalid value(.*?): (.*)", r"Недопустимое значение переменной «\1»\2: \3"),
    (r"Syntax Error: Unexpected <EOF>\.", r"Синтаксическая ошибка: документ обрывается."),
    (r"Syntax Error: Unexpected (.*)\.", r"Синтаксическая ошибка: здесь не может стоять \1."),
    (r"Syntax Error: Expected (.*), found (.*)\.", r"Синтаксическая ошибка: нужно \1, а стоит \2."),
    (r"Sign in to read the whole schema\.", r"Войдите, чтобы прочитать схему целиком."),
]
_COMPILED = [(re.compile(pattern, re.DOTALL), russian) for pattern, russian in SENTENCES]


def in_russian(message: str) -> str:
    """The sentence in Russian, the same sentence where we do not know it."""
    for pattern, russian in _COMPILED:
        found = pattern.fullmatch(message)
        if found is not None:
            return found.expand(russian)
    return message

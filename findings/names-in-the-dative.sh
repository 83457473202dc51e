#!/usr/bin/env bash
# Names in the dative, as certificates need them: two libraries that know the gender, and neither is to be believed alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Petrovich==2.0.1
npm install --silent --no-audit --no-fund lvovich@2.1.0

cat > decline.py <<'END'
from petrovich.enums import Case, Gender
from petrovich.main import Petrovich

names, he, she = Petrovich(), Gender.MALE, Gender.FEMALE
first = [("Никита", he), ("Илья", he), ("Нинель", she), ("Любовь", she)]
last = [("Черных", he), ("Седых", he), ("Цой", he), ("Цой", she), ("Коваль", she)]
print("petrovich", *(names.firstname(name, Case.DATIVE, gender) for name, gender in first), end=" ")
print(*(names.lastname(name, Case.DATIVE, gender) for name, gender in last))
END
cat > decline.mjs <<'END'
import lvovich from 'lvovich';

const first = [['Никита', 'male'], ['Илья', 'male'], ['Нинель', 'female'], ['Любовь', 'female']];
const last = [['Черных', 'male'], ['Седых', 'male'], ['Цой', 'male'], ['Цой', 'female'], ['Коваль', 'female']];
console.log('lvovich', ...first.map(([name, gender]) => lvovich.inclineFirstname(name, 'dative', gender)),
  ...last.map(([name, gender]) => lvovich.inclineLastname(name, 'dative', gender)));
END
{ venv/bin/python decline.py; node decline.mjs; } > seen.txt

echo "versions: Petrovich 2.0.1 (PyPI), lvovich 2.1.0 (npm)"
echo "expected: Никите Илье Нинели Любови; Черных Седых (both unchanged), Цою (he), Цой (she, unchanged), Коваль (she, unchanged)"
known='petrovich Никита Илье Нинель. Любови Черныху Седыху Цому Цой Коваль
lvovich Никите Илье Нинели Любови Черных Седых Цою Цою Коваль'

seen=$(cat seen.txt)
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$known" ] || { printf 'this has changed; it was:\n%s\n' "$known"; exit 1; }

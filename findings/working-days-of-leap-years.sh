#!/usr/bin/env bash
# A calendar of Russian working days whose totals are right and whose days are not, in the leap years 2020 and 2024.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check work-calendar==1.1.0 holidays==0.109

cat > compare.py <<'END'
from datetime import date, timedelta

from holidays import country_holidays
from work_calendar import is_workday

for year in (2019, 2020, 2021, 2023, 2024, 2025):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    days = [day for day in days if day.year == year]
    russia = country_holidays("RU", years=year)
    one = {day for day in days if is_workday(day)}
    other = {day for day in days if russia.is_working_day(day)}
    sundays = sum(day.weekday() == 6 for day in one)
    print(year, f"working days {len(one)} and {len(other)}, unlike {len(one ^ other)}, Sundays at work {sundays}")
END
venv/bin/python compare.py > seen.txt

echo "versions: work-calendar 1.1.0, holidays 0.109"
echo "expected: the same days. 9 January 2020 was a Thursday at work; a usual Sunday is none in either leap year."
known='2019 working days 247 and 247, unlike 0, Sundays at work 0
2020 working days 248 and 248, unlike 198, Sundays at work 47
2021 working days 247 and 247, unlike 0, Sundays at work 0
2023 working days 247 and 247, unlike 0, Sundays at work 0
2024 working days 248 and 248, unlike 120, Sundays at work 50
2025 working days 247 and 247, unlike 0, Sundays at work 0'

seen=$(cat seen.txt)
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$known" ] || { printf 'this has changed; it was:\n%s\n' "$known"; exit 1; }

#!/usr/bin/env bash
# A VTIMEZONE that icalendar adds is read an hour off by ical.js: of a list of RDATEs it takes the first only.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check icalendar==7.3.0 tzdata==2026.2
npm install --silent --no-audit --no-fund ical.js@2.2.1

cat > write.py <<'END'
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

starts = datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Asia/Krasnoyarsk"))
calendar, lesson = Calendar(), Event()
calendar.add("prodid", "-//example//lessons//RU")
calendar.add("version", "2.0")
lesson.add("uid", "algebra-7a")
lesson.add("dtstamp", datetime(2026, 11, 1, tzinfo=UTC))
lesson.add("dtstart", starts)
calendar.add_component(lesson)
calendar.add_missing_timezones()
with open("lesson.ics", "wb") as file:
    file.write(calendar.to_ical())
print("written", starts.astimezone(UTC).isoformat())
END
cat > read.mjs <<'END'
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component(ICAL.parse(readFileSync('lesson.ics', 'utf8')));
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
const lesson = new ICAL.Event(calendar.getFirstSubcomponent('vevent'));
console.log('read', lesson.startDate.toJSDate().toISOString());
END
{ venv/bin/python write.py; node read.mjs; } > seen.txt

echo "versions: icalendar 7.3.0, ical.js 2.2.1"
echo "expected: the same moment. The zone has been +07:00 since 2014; RFC 5545, 3.6.5 lets an observance list its days in RDATE."
echo "how: the last STANDARD is one date of a list of thirty; the list's first counts, so 2011's +08:00 never ends."
known='written 2026-11-23T01:30:00+00:00
read 2026-11-23T00:30:00.000Z'

seen=$(cat seen.txt)
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$known" ] || { printf 'this has changed; it was:\n%s\n' "$known"; exit 1; }

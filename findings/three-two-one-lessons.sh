#!/usr/bin/env bash
# One VEVENT with a list of two RDATEs: three lessons, two, or one, by who reads it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check icalendar==7.3.0 recurring-ical-events==3.8.2
npm install --silent --no-audit --no-fund ical.js@2.2.1 node-ical@0.26.1

printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//example//lessons//RU BEGIN:VEVENT UID:algebra-7a \
  DTSTAMP:20261101T000000Z DTSTART:20261123T013000Z DTEND:20261123T021500Z \
  RDATE:20261125T013000Z,20261127T023000Z SUMMARY:Algebra END:VEVENT END:VCALENDAR > lessons.ics
cat > read.py <<'END'
from icalendar import Calendar
from recurring_ical_events import of

with open("lessons.ics", "rb") as file:
    events = of(Calendar.from_ical(file.read())).between((2026, 11, 1), (2026, 12, 31))
print("recurring-ical-events", *(event["DTSTART"].dt.strftime("%d.%m") for event in events))
END
cat > read.mjs <<'END'
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';

const text = readFileSync('lessons.ics', 'utf8');
const day = (moment) => `${moment.slice(8, 10)}.${moment.slice(5, 7)}`;
const found = [];
const days = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent')).iterator();
for (let next = days.next(); next && found.length < 9; next = days.next()) found.push(day(next.toString()));
console.log('ical.js', ...found);
const event = Object.values(nodeIcal.sync.parseICS(text)).find((one) => one.type === 'VEVENT');
const term = { from: new Date('2026-11-01'), to: new Date('2026-12-31') };
console.log('node-ical', ...nodeIcal.expandRecurringEvent(event, term).map((one) => day(one.start.toISOString())));
END
{ venv/bin/python read.py; node read.mjs; } > seen.txt

echo "versions: recurring-ical-events 3.8.2 on icalendar 7.3.0, ical.js 2.2.1, node-ical 0.26.1"
echo "expected: 23, 25 and 27 November. RFC 5545, 3.8.5.2: the set of RDATE is added to DTSTART, which always counts as the first."
known='recurring-ical-events 23.11 25.11 27.11
ical.js 25.11 27.11
node-ical 23.11'

seen=$(cat seen.txt)
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$known" ] || { printf 'this has changed; it was:\n%s\n' "$known"; exit 1; }

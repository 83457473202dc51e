#!/usr/bin/env bash
# A time of day written by openpyxl is a Date of 1899 in exceljs, shown with the local mean time of that year.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1
npm install --silent --no-audit --no-fund exceljs@4.4.0

cat > write.py <<'END'
from datetime import time

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

book = Workbook()
book.active["A1"] = time(8, 30)
book.save("bells.xlsx")
print("calamine", CalamineWorkbook.from_path("bells.xlsx").get_sheet_by_index(0).to_python()[0][0])
END
cat > read.mjs <<'END'
import exceljs from 'exceljs';

const book = new exceljs.Workbook();
await book.xlsx.readFile('bells.xlsx');
const bell = book.worksheets[0].getCell('A1');
console.log(process.env.TZ, bell.text.slice(16, 24), 'UTC', bell.value.toISOString().slice(11, 19));
END
{ venv/bin/python write.py; for zone in Asia/Krasnoyarsk Europe/Moscow; do TZ=$zone node read.mjs; done; } > seen.txt

echo "versions: openpyxl 3.1.5, python-calamine 0.9.1, exceljs 4.4.0"
echo "expected: 08:30:00 everywhere. A cell of a time of day holds a fraction of a day and has no zone (ECMA-376, 18.17.4)."
echo "how: exceljs puts it on 30 December 1899 in UTC; its text is that moment by the clocks of 1899, six hours, 11 minutes and 26 seconds off."
known='calamine 08:30:00
Asia/Krasnoyarsk 14:41:26 UTC 08:30:00
Europe/Moscow 11:00:17 UTC 08:30:00'

seen=$(cat seen.txt)
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$known" ] || { printf 'this has changed; it was:\n%s\n' "$known"; exit 1; }

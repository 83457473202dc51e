// One visit after another: what each does is told by its story; nothing may go wrong in the console or leave our origin.
// Environment: ORIGIN, CHROMIUM, SCREENSHOTS (a folder).

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { chromium } from 'playwright-core';

import { check, same } from './checks.mjs';

const { ORIGIN, CHROMIUM: executablePath, SCREENSHOTS: screenshots } = process.env;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const origin = ORIGIN;

// Chromium's own sandbox does not run as root.
export const browser = await chromium.launch({ executablePath, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });

// Runs a story by a visitor of this kind; `expected` are texts of the console that belong to it.
export async function visiting(Kind, name, story, { options, expected = [] } = {}) {
  const visit = await Kind.begin(browser, origin, options);
  try {
    await story(visit);
  } catch (error) {
    check(`${name}: ${error.message}`, false);
    await visit.page.screenshot({ path: `${screenshots}/failed-${name}.png` });
  }
  const troubles = visit.troubles.filter((trouble) => !expected.some((text) => trouble.includes(text)));
  same(`${name}: nothing in the console, no violation of the policy`, troubles, []);
  same(`${name}: no foreign request`, visit.foreign, []);
  await visit.end();
}

export function shoot(visit, name) {
  return visit.page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
}

// What axe finds: [rule, first element] of each broken rule, of a part of the page or of all of it.
export async function broken(visit, part = 'html', impacts = null) {
  await visit.page.evaluate(axe);
  const { violations } = await visit.page.evaluate((where) => window.axe.run(where), part);
  return violations.filter(({ impact }) => !impacts || impacts.includes(impact)).map(({ id, nodes }) => [id, nodes[0].target]);
}

export async function sticksOut(visit) {
  return visit.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

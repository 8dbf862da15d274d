// `npm run screenshots`: the pictures of the page in the README, docs/page-light.png and -dark.png.
import process from 'node:process';
import { chromium } from 'playwright-core';
import { loadRuntime } from '../runtimes/index.ts';
import { createApp } from '../src/app.ts';
import { openDatabase } from '../src/database/open.ts';
import { findChromium } from '../test/support/find-chromium.ts';

const TASKS: readonly (readonly [title: string, completed: boolean])[] = [
  ['Book the train to Lisbon', true],
  ['Water the plants', true],
  ['Call Grandma on Sunday', false],
  ['Find out where the slow request spends its time', false],
  ['Bake bread', false],
];

const executablePath = findChromium();
if (executablePath === undefined) throw new Error('No Chromium: install it, or set CHROMIUM_PATH.');

const database = await openDatabase(':memory:');
for (const [title, completed] of TASKS) await database.store.add({ title, completed });
const runtime = await loadRuntime();
const { fetch } = createApp({ store: database.store });
const server = await runtime.serve(fetch, { port: 0, hostname: '127.0.0.1' });
const browser = await chromium.launch({ executablePath });

for (const colorScheme of ['light', 'dark'] as const) {
  const page = await browser.newPage({
    colorScheme,
    viewport: { width: 760, height: 600 },
    deviceScaleFactor: 1.5,
  });
  await page.goto(`http://127.0.0.1:${server.port}`);
  await page.locator('li').nth(2).hover();
  // The cursor blinks, and the buttons of the row fade in.
  await page.waitForTimeout(500);
  await page.screenshot({ path: `docs/page-${colorScheme}.png`, caret: 'hide' });
}

await browser.close();
await server.close(0);
await database.close();
process.exit();

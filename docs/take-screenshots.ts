// `npm run screenshots`: the pictures in the README. docs/page-*.png show the app, docs/viewer-*.png
// the viewer after half a minute of traffic.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSettings } from 'opentelemetry-instrument/settings';
import { startViewer } from 'opentelemetry-viewer';
import { type Browser, chromium, type Page } from 'playwright-core';
import { loadRuntime } from '../runtimes/index.ts';
import { readArguments } from '../script-arguments.ts';
import { createApp } from '../src/app.ts';
import { openDatabase } from '../src/database/index.ts';
import { createProgram } from '../src/program.ts';
import { appVariables } from '../src/settings/index.ts';
import { findChromium } from '../test/support/find-chromium.ts';

const TASKS: readonly (readonly [title: string, completed: boolean])[] = [
  ['Book the train to Lisbon', true],
  ['Water the plants', true],
  ['Call Grandma on Sunday', false],
  ['Find out where the slow request spends its time', false],
  ['Bake bread', false],
];
const SCHEMES = ['light', 'dark'] as const;
const TRAFFIC_MS = 30_000;

readArguments({});
const executablePath = findChromium();
if (executablePath === undefined) throw new Error('No Chromium: install it, or set CHROMIUM_PATH.');
const runtime = await loadRuntime();
const browser = await chromium.launch({ executablePath });
await pictureApp(browser);
await pictureViewer(browser);
await browser.close();
process.exit();

async function pictureApp(browser: Browser): Promise<void> {
  const database = await openDatabase(':memory:');
  for (const [title, completed] of TASKS) await database.store.add({ title, completed });
  const { fetch } = createApp({ store: database.store });
  const server = await runtime.serve(fetch, { port: 0, hostname: '127.0.0.1' });
  for (const colorScheme of SCHEMES) {
    const page = await browser.newPage({
      colorScheme,
      // Higher than the page: it would scroll to the row under the pointer.
      viewport: { width: 760, height: 1_000 },
      deviceScaleFactor: 1.5,
    });
    await page.goto(`http://127.0.0.1:${server.port}`);
    await page.locator('li').nth(2).hover();
    // The cursor blinks, and the buttons of the row fade in.
    await page.waitForTimeout(500);
    const clip = { x: 0, y: 48, width: 760, height: 680 };
    await page.screenshot({ path: `docs/page-${colorScheme}.png`, caret: 'hide', clip });
  }
  await server.close(0);
  await database.close();
}

/** Runs the app with telemetry and the viewer, uses it, and takes pictures of a search and a trace. */
async function pictureViewer(browser: Browser): Promise<void> {
  const viewer = await startViewer({ port: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
  const variable = {
    DATABASE_URL: `file:${join(folder, 'tasks.db')}`,
    DEMO: 'true',
    RATE_LIMIT: '0',
  };
  const read = readSettings({ variable }, appVariables);
  const exporters = { traces: ['viewer'], metrics: ['viewer'], logs: ['viewer'] };
  const program = await createProgram({ ...read, exporters }, runtime, () => {}, viewer);
  const server = await runtime.serve(program.fetch, { port: 0, hostname: '127.0.0.1' });
  const origin = `http://127.0.0.1:${server.port}`;
  const requests = sendRequests(origin);
  await clickThrough(await browser.newPage(), origin);
  await requests;

  const { traces } = viewer.store.findTraces({ operation: 'POST /add', service: 'todo' });
  for (const colorScheme of SCHEMES) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 640 } });
    const picture = (name: string) =>
      page.screenshot({ path: `docs/viewer-${name}-${colorScheme}.png`, caret: 'hide' });
    await page.goto(`${viewer.url}/`);
    await picture('search');
    await page.goto(`${viewer.url}/trace/${traces[0]?.traceId}`);
    await page
      .getByRole('link', { name: /SELECT tasks/ })
      .first()
      .click();
    await page.locator('#detail').waitFor();
    await picture('trace');
  }
  await server.close(0);
  await program.close(1_000);
  await viewer.close();
  rmSync(folder, { recursive: true });
}

/** Adds, completes and deletes tasks in a browser, which records spans of its own. */
async function clickThrough(page: Page, origin: string): Promise<void> {
  for (const [title] of TASKS) {
    await page.goto(origin);
    await page.getByRole('textbox').first().fill(title);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(2_000);
    await page.getByRole('checkbox').first().click();
    await page.waitForTimeout(2_000);
  }
  await page.goto(origin);
  await page.getByRole('textbox').first().fill('Read the trace');
  await page.keyboard.press('Enter');
  // The page sends its spans within 5 s.
  await page.waitForTimeout(6_000);
}

/** Sends the requests of other clients: most are fast, some are slow, some fail. */
async function sendRequests(origin: string): Promise<void> {
  const paths = ['/api/tasks', '/', '/?filter=open', '/api/tasks?limit=5', '/api/tasks/1', '/nix'];
  const demos = ['slow-query', 'error', 'n-plus-one'];
  const end = Date.now() + TRAFFIC_MS;
  for (let i = 0; Date.now() < end; i++) {
    const isDemo = i % 23 === 11;
    const path = isDemo ? `/demo/${demos[i % demos.length]}` : paths[(i * 7) % paths.length];
    const headers = { origin };
    await (await fetch(origin + path, isDemo ? { method: 'POST', headers } : {})).text();
    // The rate of requests rises and falls.
    await sleep(60 + 50 * Math.sin(i / 25));
  }
}

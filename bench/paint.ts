// `npm run bench:paint` measures what the pages' telemetry costs users. It reads the milliseconds from the navigation to a
// list of 20 tasks in Chromium, with and without telemetry, alternated.
//   npm run bench:paint -- 100   number of visits to each; default 50
import { stdout } from 'node:process';
import { chromium } from 'playwright-core';
import { readCount } from '../script-arguments.ts';
import { findChromium } from '../test/support/find-chromium.ts';
import { bundle } from './bundle.ts';
import { startCountingCollector } from './counting-collector.ts';
import { postForm, sendRequests } from './load.ts';
import { type BenchServer, startServer } from './server.ts';
import { median, summarize } from './statistics.ts';

const TASKS = 20;
/** Time after the load in which the telemetry's module is loaded and runs. */
const SETTLING_MS = 300;

/** Reads the timings of a visit. Modules run before `domContentLoadedEventEnd`; then the page responds to clicks. */
const TIMINGS = `(() => {
  const [page] = performance.getEntriesByType('navigation');
  const paints = performance.getEntriesByType('paint').map(({ name, startTime }) => [name, startTime]);
  const { domContentLoadedEventEnd, loadEventEnd } = page;
  return { ...Object.fromEntries(paints), interactive: domContentLoadedEventEnd, loaded: loadEventEnd };
})()`;

interface Page {
  readonly server: BenchServer;
  readonly visits: Record<string, number>[];
}

const executablePath = findChromium();
if (executablePath === undefined) throw new Error('No Chromium: install it, or set CHROMIUM_PATH.');
const visits = readCount('visits', 50);
const collector = await startCountingCollector();
const browser = await chromium.launch({ executablePath });

async function serve(variables: Readonly<Record<string, string>>): Promise<Page> {
  const env = { DATABASE_URL: ':memory:', VIEWER: 'none', ...variables };
  const server = await startServer({ entry: await bundle('source'), env });
  const add = (n: number) => postForm('/add', `task=task+${n}`);
  await sendRequests(server.port, TASKS, add, () => 303);
  return { server, visits: [] };
}

/** Visits the page with an empty cache. */
async function visit({ server, visits }: Page): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await page.waitForTimeout(SETTLING_MS);
  visits.push((await page.evaluate(TIMINGS)) as Record<string, number>);
  await context.close();
}

const without = await serve({ OTEL_SDK_DISABLED: 'true' });
const traced = await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
// The first visit to each is slower.
for (let n = 0; n <= visits; n += 1) for (const page of [without, traced]) await visit(page);
await browser.close();
for (const { server } of [without, traced]) await server.stop();
collector.close();

stdout.write(`Chromium ${browser.version()}, ${visits} visits each; without, with, ratio\n`);
for (const name of ['first-paint', 'first-contentful-paint', 'interactive', 'loaded']) {
  const [less = [], more = []] = [without, traced].map(({ visits }) =>
    visits.slice(1).map((timings) => timings[name] ?? Number.NaN),
  );
  const text = (values: readonly number[]) => {
    const { median: middle, lower, upper } = summarize(values);
    return `${middle.toFixed(1)} (${lower.toFixed(1)} to ${upper.toFixed(1)})`;
  };
  const ratio = median(more) / median(less);
  stdout.write(`${name.padEnd(24)}${text(less)}  ${text(more)}  ${ratio.toFixed(3)}\n`);
}

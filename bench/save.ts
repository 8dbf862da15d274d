import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { RuntimeName } from '../test/support/app-command.ts';
import { renderChart } from './chart.ts';
import type { Results } from './results.ts';
import { renderTable } from './table.ts';

const file = (name: string) => new URL(name, import.meta.url);
const TABLES = /(<!-- tables -->\n).*(<!-- end of tables -->)/s;

/** Reads the committed results, which are the latest of each runtime. */
export function readResults(): Results {
  const path = file('results.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** Writes new results to all files that show them. Runtimes that were not measured keep their results. */
export function saveResults(measured: Results): void {
  const { node, bun, deno } = { ...readResults(), ...measured };
  const results: Results = { ...(node && { node }), ...(bun && { bun }), ...(deno && { deno }) };
  writeFileSync(file('results.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(file('chart.svg'), renderChart(results));

  const tables = Object.entries(results).map(([runtime, result]) => {
    const { date, machine, rounds, requests } = result;
    const run = `${date}, ${machine}; ${rounds} processes of each, ${requests} requests saturated.`;
    return `${renderTable(runtime as RuntimeName, result)}\n\n${run}`;
  });
  const readme = readFileSync(file('README.md'), 'utf8');
  writeFileSync(
    file('README.md'),
    readme.replace(TABLES, (_, start, end) => `${start}\n${tables.join('\n\n')}\n\n${end}`),
  );
}

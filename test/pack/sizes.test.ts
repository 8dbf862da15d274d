import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type OutputChunk, rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { root } from '../support/app-command.ts';

const kit = join(root, 'packages/hono-opentelemetry/src');
/** Peer dependencies, which users have already. */
const PEERS = /^(hono|@opentelemetry\/api)(\/|$)/;
/** The part of traceHttp() that only some options load. */
const OPT_IN = /\/opt-in\/index\.ts$/;

/** Bundles what a program that imports one name of the kit gets at its start: no dynamic imports. */
async function bundle(
  name: string,
  entryPoint = '',
  external: RegExp[] = [PEERS],
): Promise<{ code: string; imports: string[]; lazyCode: string }> {
  const module = join(kit, entryPoint, 'index.ts');
  const entry = {
    name: 'entry',
    resolveId: (id: string) => (id === 'entry' ? id : null),
    load: (id: string) =>
      id === 'entry' ? `export { ${name} } from ${JSON.stringify(module)};` : null,
  };
  const build = await rolldown({ input: 'entry', plugins: [entry], external, cwd: root });
  const { output } = await build.generate({ format: 'esm', minify: true });
  await build.close();
  const chunks = new Map(
    output.flatMap((each) => (each.type === 'chunk' ? [[each.fileName, each]] : [])),
  );
  const atStart = new Set<OutputChunk>();
  function visit(chunk: OutputChunk | undefined): void {
    if (chunk === undefined || atStart.has(chunk)) return;
    atStart.add(chunk);
    for (const each of chunk.imports) visit(chunks.get(each));
  }
  visit(output[0]);
  const codeOf = (wanted: OutputChunk[]) => wanted.map(({ code }) => code).join('\n');
  return {
    code: codeOf([...atStart]),
    lazyCode: codeOf([...chunks.values()].filter((each) => !atStart.has(each))),
    imports: [...new Set([...atStart].flatMap(({ imports }) => imports))].filter(
      (each) => !chunks.has(each),
    ),
  };
}

const gzipSize = (code: string) => gzipSync(code, { level: 9 }).length;

test.each([
  // 600 bytes of it end the spans of streams that nothing reads, or whose end no server reports.
  ['traceHttp', 8_550, ''],
  // 1,700 bytes of it sanitize and summarize statements; the rest is mostly names of attributes and metric.
  ['traceSql', 3_730, 'sql'],
  // Also the stand-ins of a driver's objects, and batches.
  ['traceD1', 4_200, 'sql'],
  // Also transactions and comments.
  ['tracePostgres', 4_700, 'sql'],
  ['traceLibsql', 4_560, 'sql'],
  ['traceSqlite', 4_600, 'sql'],
  // Also callbacks, and the events of a command.
  ['traceMysql', 5_150, 'sql'],
  // Also connection metrics, query objects and cursors.
  ['tracePg', 5_750, 'sql'],
  // 60 bytes of it are for textStream(), and for Workers without a FinalizationRegistry.
  ['traceFetch', 3_110, 'fetch'],
  ['tracedRouter', 1_500, 'router'],
])('%s is at most %i bytes, minified and gzipped', async (name, limit, entryPoint) => {
  const { code } = await bundle(name, entryPoint, [PEERS, OPT_IN]);
  expect(code).toContain(name);
  expect(gzipSize(code)).toBeLessThanOrEqual(limit);
});

test('a bundle of traceHttp loads legacy names and opt-in attributes only on demand', async () => {
  const { code, lazyCode } = await bundle('traceHttp');
  expect(gzipSize(lazyCode)).toBeLessThanOrEqual(2_500);
  for (const name of ['http.target', 'traceresponse', 'http.server.active_requests']) {
    expect(lazyCode).toContain(name);
    expect(code).not.toContain(name);
  }
});

test('a bundle of traceSql contains neither hono nor the HTTP middleware', async () => {
  const { code, imports } = await bundle('traceSql');
  expect(imports).toEqual(['@opentelemetry/api']);
  expect(code).not.toContain('http.request.method');
});

test('a bundle of the kit imports its peers only', async () => {
  const { imports } = await bundle('traceHttp, traceSql, recordCrash');
  expect(imports.filter((each) => !PEERS.test(each))).toEqual([]);
});

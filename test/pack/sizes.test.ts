import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { root } from '../support/app-command.ts';

const kit = join(root, 'packages/hono-opentelemetry/src/index.ts');
/** What users have anyway. */
const PEERS = /^(hono|@opentelemetry\/api)(\/|$)/;

/** Bundles what a program that imports one name of the kit gets. */
async function bundle(name: string): Promise<{ code: string; imports: string[] }> {
  const entry = {
    name: 'entry',
    resolveId: (id: string) => (id === 'entry' ? id : null),
    load: (id: string) =>
      id === 'entry' ? `export { ${name} } from ${JSON.stringify(kit)};` : null,
  };
  const build = await rolldown({ input: 'entry', plugins: [entry], external: PEERS, cwd: root });
  const { output } = await build.generate({ format: 'esm', minify: true });
  await build.close();
  return { code: output[0].code, imports: output[0].imports };
}

test.each([
  ['traceHttp', 9_000],
  ['traceSql', 3_000],
])('%s is at most %i bytes, minified and gzipped', async (name, limit) => {
  const { code } = await bundle(name);
  expect(code).toContain(name);
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(limit);
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

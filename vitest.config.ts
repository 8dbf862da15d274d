import { versions } from 'node:process';
import { configDefaults, defineConfig } from 'vitest/config';

// Node alone runs the tests whose runtime does not matter: those of packages and of scale start all runtimes
// themselves, those of Workers start workerd, those in a browser are about the pages, the rules are about the
// sources, and the benchmarks are programs of Node. `npm test` says so.
const onNodeOnly = [
  'test/bench/**',
  'test/pack/**',
  'test/rules/**',
  'test/workers/**',
  'test/docs/{commands,doctor,talk,talk-pages,talk-slides,tree}.test.ts',
  'test/app/browser/**',
  'test/scale/**',
  'test/viewer/browser.test.ts',
];
const isNode = versions.bun === undefined && versions.deno === undefined;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(isNode ? [] : onNodeOnly)],
    passWithNoTests: !isNode,
    testTimeout: 60_000,
    // The default of 1 s is too short for six requests of a browser on a loaded machine.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
  },
});

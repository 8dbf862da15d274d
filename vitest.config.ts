import { versions } from 'node:process';
import { configDefaults, defineConfig } from 'vitest/config';

// Node alone runs the tests whose runtime does not matter: those of packages start all runtimes themselves, and
// those in a browser are about the pages. `npm test` says so.
const onNodeOnly = ['test/pack/**', 'test/app/browser/**', 'test/viewer/browser.test.ts'];
const isNode = versions.bun === undefined && versions.deno === undefined;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(isNode ? [] : onNodeOnly)],
    passWithNoTests: !isNode,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

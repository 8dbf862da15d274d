import { versions } from 'node:process';
import { configDefaults, defineConfig } from 'vitest/config';

// The pack tests run all runtimes by themselves, so Node alone runs them.
const isNode = versions.bun === undefined && versions.deno === undefined;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(isNode ? [] : ['test/pack/**'])],
    passWithNoTests: !isNode,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

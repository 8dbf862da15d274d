import { defineConfig } from 'vitest/config';

/** `npm run test:scale`: minutes of traffic, so not a part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/scale/*.scale.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});

// `npm run build`: the whole program as one file, for any Node from 22.16.
import { renameSync } from 'node:fs';
import process from 'node:process';
import { build } from 'rolldown';

// The benchmarks bundle another entry the same way.
const [input = 'src/index.ts', file = 'dist/node.js'] = process.argv.slice(2);

await build({
  input,
  platform: 'node',
  // OpenTelemetry's packages as ES modules: of their CommonJS nothing unused can be left out.
  resolve: { mainFields: ['module', 'main'] },
  output: {
    file: `${file}.${process.pid}`,
    format: 'esm',
    // Names stay, for stack traces and `exception.type`; white space and comments go.
    minify: { mangle: false, compress: false, codegen: true },
    codeSplitting: false,
  },
});
// Whoever starts the program meanwhile gets the old file or the new one, whole.
renameSync(`${file}.${process.pid}`, file);

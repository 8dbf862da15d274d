// `npm run build`: the whole program as one file, for any Node from 22.16, and its source map.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { build } from 'rolldown';

// The benchmarks bundle another entry the same way.
const [input = 'src/index.ts', file = 'dist/node.js'] = process.argv.slice(2);

const { output } = await build({
  input,
  platform: 'node',
  // OpenTelemetry's packages as ES modules: of their CommonJS nothing unused can be left out.
  resolve: { mainFields: ['module', 'main'] },
  output: {
    file,
    format: 'esm',
    // Names stay, for stack traces and `exception.type`; white space and comments go.
    minify: { mangle: false, compress: false, codegen: true },
    codeSplitting: false,
    // Not read at the start: by what looks up a position, and by `node --enable-source-maps`.
    sourcemap: true,
    sourcemapExcludeSources: true,
  },
  write: false,
});
mkdirSync(dirname(file), { recursive: true });
for (const part of output) {
  const path = `${dirname(file)}/${part.fileName}`;
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, part.type === 'chunk' ? part.code : part.source);
  // Whoever starts the program meanwhile gets the old file or the new one, whole.
  renameSync(temporary, path);
}

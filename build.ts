// `npm run build`: the whole program as one file, for any Node from 22.16, and its source map.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { build, type Plugin } from 'rolldown';

// The benchmarks bundle another entry the same way.
const [input = 'src/index.ts', file = 'dist/node.js'] = process.argv.slice(2);

/**
 * Makes ES modules of a package that has none: of what CommonJS requires nothing can be left out, which
 * would be all of `semantic-conventions`.
 */
const prometheusAsModules: Plugin = {
  name: 'prometheus-as-modules',
  transform: {
    filter: { id: /exporter-prometheus\/build\// },
    handler: (code) => ({
      code: code
        .replace(/^Object\.defineProperty\(exports, "__esModule".*$|^exports\..* = void 0;$/gm, '')
        .replace(/^(?:const|var) (\w+) = require\("([^"]+)"\);$/gm, 'import * as $1 from "$2";')
        .replace(/^exports\.(\w+) = \1;$/gm, 'export { $1 };')
        .replace(/^exports\.(\w+) = /gm, 'export const $1 = ')
        .replace(
          /^Object\.defineProperty\(exports, "(\w+)".* return (\w+)\..*$/gm,
          'export const $1 = $2.$1;',
        ),
      // Each line stays where it was.
      map: null,
    }),
  },
};

const { output } = await build({
  input,
  platform: 'node',
  plugins: [prometheusAsModules],
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

// `node release/bundle-entry.ts <source> <module>` replaces a published module by one that contains everything it
// imports: Deno finds no package from outside of a project. Other modules of the package stay as tsc has written them.
import { cpSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { readArguments, usageError } from '../script-arguments.ts';
import { repositoryRoot } from './packages.ts';

const { positionals } = readArguments({ allowPositionals: true });
const [input = '', module = ''] = positionals;
if (positionals.length !== 2) usageError('Use a source and a module.');
const folder = dirname(module);
const name = basename(module, '.js');

const bundle = await rolldown({
  input,
  cwd: repositoryRoot,
  platform: 'node',
  // OpenTelemetry's packages as ES modules: of their CommonJS nothing unused can be left out.
  resolve: { mainFields: ['module', 'main'], conditionNames: ['module', 'import', 'node'] },
});
await bundle.write({
  dir: folder,
  entryFileNames: `${name}.js`,
  // Exporters and the like, which are imported when they are needed.
  chunkFileNames: `${name}/[name]-[hash].js`,
  // Names stay, for stack traces; white space and comments go.
  minify: { mangle: false, compress: false, codegen: true },
});
await bundle.close();
rmSync(`${module}.map`);
for (const [owner, license] of [
  ['opentelemetry', '@opentelemetry/core'],
  ['yaml', 'yaml'],
]) {
  const source = join(repositoryRoot, 'node_modules', license ?? '', 'LICENSE');
  cpSync(source, join(folder, name, `LICENSE-${owner}`));
}

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { build, type Plugin } from 'rolldown';

/** Makes one file of a program, and its source map. */
export async function bundleFile(
  input: string,
  file: string,
  plugins: readonly Plugin[] = [],
): Promise<void> {
  const { output } = await build({
    input,
    plugins: [...plugins],
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
    // A program that starts meanwhile gets the complete old file or the complete new one.
    renameSync(temporary, path);
  }
}

import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { UsageError } from './parse-flags.ts';
import type { Environment } from './sources.ts';

/**
 * Reads a `.env` file, the same on all runtimes; there need not be one.
 * @throws UsageError with what is wrong when there is one that cannot be read
 */
export function readEnvFile(path: string): Environment {
  // Bun takes a byte order mark away, Node and Deno take it for a part of the first name.
  const text = readText(path).replace(/^\ufeff/, '');
  // As PowerShell writes files. No variable can hold a NUL, and Deno throws where one should.
  if (text.includes('\0')) {
    throw new UsageError(`The file ${path} is no text in UTF-8: save it as such, or move it.`);
  }
  return parseEnv(text);
}

/** Empty where there is no such file. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // A folder of that name, as Python's virtual environments have it, is no such file either.
    if (code === 'ENOENT' || code === 'EISDIR') return '';
    throw new UsageError(
      `The file ${path} cannot be read (${code}): let this user read it, or move it.`,
      { cause },
    );
  }
}

import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { UsageError } from './parse-flags.ts';
import type { Environment } from './sources.ts';

/**
 * Reads a `.env` file, the same on all runtimes; the file is optional.
 * @throws UsageError if the file exists and cannot be read
 */
export function readEnvFile(path: string): Environment {
  // Bun removes a byte order mark; Node and Deno make it a part of the first name.
  const text = readText(path).replace(/^\ufeff/, '');
  // PowerShell writes UTF-16. Variables cannot contain NUL, and Deno throws.
  if (text.includes('\0')) {
    throw new UsageError(`The file ${path} is not valid UTF-8: save it as UTF-8, or move it.`);
  }
  return parseEnv(text);
}

/** Returns an empty string if the file does not exist. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Python's virtual environments may be folders of that name.
    if (code === 'ENOENT' || code === 'EISDIR') return '';
    throw new UsageError(
      `The file ${path} cannot be read (${code}): let this user read it, or move it.`,
      { cause },
    );
  }
}

import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { UsageError } from './parse-flags.ts';
import type { Environment } from './sources.ts';

/**
 * Reads a `.env` file, the same on all runtimes; there need not be one.
 * @throws UsageError with what is wrong when there is one that cannot be read
 */
export function readEnvFile(path: string): Environment {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // A folder of that name, as Python's virtual environments have it, is no such file either.
    if (code === 'ENOENT' || code === 'EISDIR') return {};
    throw new UsageError(
      `The file ${path} cannot be read (${code}): let this user read it, or move it.`,
      {
        cause,
      },
    );
  }
  return parseEnv(text);
}

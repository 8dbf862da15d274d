import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { errorCode } from '../error-code.ts';
import { describeProblem, UsageError } from './problem.ts';
import type { Environment } from './sources.ts';

/**
 * Reads a `.env` file, the same on all runtimes; the file is optional.
 * @param notify receives a message for each line that is ignored because it is not an assignment
 * @throws UsageError if the file exists and cannot be read
 */
export function readEnvFile(
  path: string,
  notify: (message: string) => void = () => {},
): Environment {
  // Bun removes a byte order mark; Node and Deno make it a part of the first name.
  const text = readText(path).replace(/^\ufeff/, '');
  // PowerShell writes UTF-16. Variables cannot contain NUL, and Deno throws.
  if (text.includes('\0')) {
    const problem = 'the file is not valid UTF-8';
    throw new UsageError(describeProblem({ source: path, problem, fix: 'save it as UTF-8' }));
  }
  for (const line of unreadableLines(text)) {
    const source = `${path}, line ${line}`;
    const problem = 'the line is not an assignment';
    notify(describeProblem({ source, problem, effect: 'it is ignored', fix: 'use NAME=value' }));
  }
  return parseEnv(text);
}

/** An assignment, whose quoted value may contain line breaks. */
const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*=[ \t]*(?:"[^"]*"|'[^']*'|`[^`]*`)?[^\n]*$/gm;

/** Returns the numbers of the lines that are not an assignment, a comment or blank. */
function unreadableLines(text: string): number[] {
  const rest = text.replace(ASSIGNMENT, (assignment) => assignment.replace(/[^\n]/g, ''));
  return rest.split('\n').flatMap((line, index) => (/^\s*(?:#|$)/.test(line) ? [] : [index + 1]));
}

/** Returns an empty string if the file does not exist. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = errorCode(cause);
    // Python's virtual environments may be folders of that name.
    if (code === 'ENOENT' || code === 'EISDIR') return '';
    const problem = `the file cannot be read (${code})`;
    const fix = 'give this user read permission, or move it';
    throw new UsageError(describeProblem({ source: path, problem, fix }), { cause });
  }
}

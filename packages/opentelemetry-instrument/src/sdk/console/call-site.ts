import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping } from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallSiteObject } from 'node:util';
import type { LogAttributes } from '@opentelemetry/api-logs';
import {
  ATTR_CODE_FILE_PATH,
  ATTR_CODE_FUNCTION_NAME,
  ATTR_CODE_LINE_NUMBER,
} from '@opentelemetry/semantic-conventions';

/**
 * Creates a function that returns the `code.*` attributes of a call. They are those of the innermost
 * call site in a file; there are none without one.
 *
 * The path is absolute, as the conventions prefer. A method lacks the name of its class, which only
 * V8 provides. Positions in `bundle` are mapped by `<bundle>.map` if it exists. The map is read on
 * first use, in 40 ms for 550 kB of code.
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/code/
 */
export function createCodeAttributes(
  bundle: string,
): (sites: readonly CallSiteObject[]) => LogAttributes {
  let map: SourceMap | null | undefined;

  return function codeAttributes(sites) {
    for (const { scriptName, lineNumber, columnNumber, functionName } of sites) {
      const file = filePath(scriptName);
      if (file === undefined) continue;
      if (file === bundle && map === undefined) map = readSourceMap(`${bundle}.map`);
      const { originalSource, originalLine = 0 }: Partial<SourceMapping> =
        (file === bundle && map?.findEntry(lineNumber - 1, columnNumber - 1)) || {};
      if (!originalSource) return attributes(file, lineNumber, functionName);
      return attributes(
        resolve(dirname(bundle), originalSource),
        originalLine + 1,
        // The bundler adds a number to duplicate function names.
        functionName.replace(/\$\d+$/, ''),
      );
    }
    return {};
  };
}

function attributes(file: string, line: number, functionName: string): LogAttributes {
  return {
    [ATTR_CODE_FILE_PATH]: file,
    [ATTR_CODE_LINE_NUMBER]: line,
    ...(functionName && { [ATTR_CODE_FUNCTION_NAME]: functionName }),
  };
}

/**
 * Returns the path of a script, whose name is a URL on Node and a path on Bun and Deno.
 * @returns undefined if the script is not a file: `node:events`, `ext:core/01_core.js`,
 * `[native code]`, or an empty name
 */
function filePath(scriptName: string | null | undefined): string | undefined {
  if (scriptName?.startsWith('file:')) return fileURLToPath(scriptName);
  return scriptName && isAbsolute(scriptName) ? scriptName : undefined;
}

function readSourceMap(path: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // The map is missing or invalid.
    return null;
  }
}

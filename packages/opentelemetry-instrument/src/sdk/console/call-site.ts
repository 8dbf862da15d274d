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
 * Makes a function that says where a call came from: the innermost call site that stands in a file;
 * no attributes when none does.
 *
 * The path is absolute, as the conventions prefer. A method comes without the name of its class,
 * which V8 alone would know. What stands in `bundle` is looked up in the map beside it,
 * `<bundle>.map`, which is read at the first need: 40 ms for 550 kB of program. Without a map it is
 * the place in the bundle.
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
        // The bundler tells functions of one name apart by a number.
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
 * A URL on Node, a path on Bun and Deno; undefined for what is no file: `node:events`,
 * `ext:core/01_core.js`, `[native code]`, nothing at all.
 */
function filePath(scriptName: string | null | undefined): string | undefined {
  if (scriptName?.startsWith('file:')) return fileURLToPath(scriptName);
  return scriptName && isAbsolute(scriptName) ? scriptName : undefined;
}

function readSourceMap(path: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // None there, or a broken one.
    return null;
  }
}

import { readFileSync } from 'node:fs';
import { SIGNALS } from 'opentelemetry-instrument-exporters';
import { errorCode } from '../error-code.ts';
import { valueProblem } from './problem.ts';
import type { ProgramSettings } from './program-settings.ts';
import type { Problem } from './variable.ts';
import type { VariableName } from './variables.ts';

const CERTIFICATE = /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----\s/m;

/** Required content of a file, by the suffix of its variable. */
const CONTENTS: Readonly<Record<string, readonly [what: string, label: RegExp]>> = {
  CERTIFICATE: ['certificate', CERTIFICATE],
  CLIENT_KEY: ['private key', /^-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s/m],
  CLIENT_CERTIFICATE: ['certificate', CERTIFICATE],
};

/** Checks PEM files, because Node and Deno ignore files without the expected content. */
export function checkFiles(resolved: ProgramSettings): Problem[] {
  return Object.entries(CONTENTS).flatMap(([part, [what, label]]) =>
    usedVariables(resolved, part).flatMap((variable) => {
      const value = resolved.written.get(variable);
      const problem = value && whyUseless(value.text, what, label);
      if (value === undefined || problem === undefined) return [];
      const fix = `use the path of a PEM file with a ${what}`;
      return valueProblem(resolved.variables, variable, value, { problem, fix }, true);
    }),
  );
}

/** Returns the variables of a kind that signals over OTLP use. */
function usedVariables({ exporters, settings }: ProgramSettings, part: string): VariableName[] {
  const names = SIGNALS.filter((signal) => exporters[signal].includes('otlp')).flatMap((signal) => {
    const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${part}` as VariableName;
    const all = `OTEL_EXPORTER_OTLP_${part}` as VariableName;
    return [own, all].find((name) => settings[name] !== undefined) ?? [];
  });
  return [...new Set(names)];
}

function whyUseless(path: string, what: string, label: RegExp): string | undefined {
  try {
    return label.test(readFileSync(path, 'utf8')) ? undefined : `is a file without a ${what}`;
  } catch (error) {
    // EISDIR: Docker mounts a directory if the host's file does not exist.
    return `cannot be read (${errorCode(error)})`;
  }
}

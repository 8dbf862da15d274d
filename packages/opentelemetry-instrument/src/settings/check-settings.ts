import { readFileSync } from 'node:fs';
import type { OtlpProtocol, Signal } from 'opentelemetry-instrument-exporters';
import { SIGNALS } from './otlp-settings.ts';
import type { Problem } from './problem.ts';
import type { ProgramSettings } from './program-settings.ts';
import { hideSecrets } from './variable.ts';
import type { VariableName } from './variables.ts';

/** Finds values that are valid but do not fit other settings or this machine. */
export function checkSettings(resolved: ProgramSettings): Problem[] {
  return [...checkEndpoints(resolved), ...checkFiles(resolved), ...checkPairs(resolved)];
}

function checkEndpoints({ settings, exporters, otlp }: ProgramSettings): Problem[] {
  return SIGNALS.flatMap((signal) => {
    if (otlp[signal].endpoint === undefined) return [];
    const { variable } = otlp[signal].endpoint;
    const users = SIGNALS.filter((each) => otlp[each].endpoint?.variable === variable);
    // One problem per variable, even if several signals share it.
    if (users[0] !== signal) return [];
    const odd = users.find((each) => otlp[each].endpoint?.warnings.length) ?? signal;
    const { warnings = [], suggestion = '' } = otlp[odd].endpoint ?? {};
    const isUsed = users.some((each) => exporters[each].includes('otlp'));
    const ways = users.map((each) => `${each} go to ${exporters[each].join(',') || 'none'}`);
    const unused = `is not used, since ${ways.join(', ')}`;
    if (isUsed && warnings.length === 0) return [];
    return {
      variable,
      written: hideSecrets(String(settings[variable])),
      effect: `which ${[...(isUsed ? [] : [unused]), ...warnings].join(', ')}`,
      fix: isUsed
        ? `write ${advise(
            odd,
            otlp[odd].protocol,
            hideSecrets(suggestion),
            users.map((each) => otlp[each].protocol),
          )}`
        : `write ${hideSecrets(suggestion)} and OTEL_${signal.toUpperCase()}_EXPORTER=otlp, or leave it out`,
      isFatal: false,
    };
  });
}

/** Returns a fix for one signal: signals with other protocols may share the variable. */
function advise(
  signal: Signal,
  protocol: OtlpProtocol,
  suggestion: string,
  protocols: readonly OtlpProtocol[],
): string {
  const areGrpc = new Set(protocols.map((protocol) => protocol === 'grpc'));
  if (areGrpc.size === 1) return suggestion;
  const path = protocol === 'grpc' ? '' : `/v1/${signal}`;
  return `${suggestion}${path} in OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`;
}

const CERTIFICATE = /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----\s/m;

/** Required content of a file, by the suffix of its variable. */
const CONTENTS: Readonly<Record<string, readonly [what: string, label: RegExp]>> = {
  CERTIFICATE: ['certificate', CERTIFICATE],
  CLIENT_KEY: ['private key', /^-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s/m],
  CLIENT_CERTIFICATE: ['certificate', CERTIFICATE],
};

/** Checks PEM files, because Node and Deno ignore files without the expected content. */
function checkFiles(resolved: ProgramSettings): Problem[] {
  return Object.entries(CONTENTS).flatMap(([part, [what, label]]) =>
    usedVariables(resolved, part).flatMap((variable) => {
      const path = String(resolved.settings[variable]);
      const effect = whyUseless(path, what, label);
      if (effect === undefined) return [];
      const fix = `write the path of a PEM file with a ${what} that this user may read`;
      return { variable, written: path, effect, fix, isFatal: true };
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
    return label.test(readFileSync(path, 'utf8')) ? undefined : `a file without a ${what}`;
  } catch (error) {
    // EISDIR: Docker mounts a directory if the host's file does not exist.
    return `which cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
}

/** Checks numbers that limit each other. */
function checkPairs({ settings, written }: ProgramSettings): Problem[] {
  const problems: Problem[] = [];
  const warn = (variable: VariableName, effect: string, fix: string) =>
    problems.push({
      variable,
      written: String(settings[variable]),
      effect,
      fix,
      isFatal: false,
    });

  for (const processor of ['BSP', 'BLRP'] as const) {
    const batch = `OTEL_${processor}_MAX_EXPORT_BATCH_SIZE` as const;
    const queue = `OTEL_${processor}_MAX_QUEUE_SIZE` as const;
    if (settings[batch] <= settings[queue]) continue;
    warn(
      written.has(batch) ? batch : queue,
      `which leaves batches of ${settings[queue]}`,
      `write a ${batch} of at most ${queue}, which is ${settings[queue]}`,
    );
  }
  const sampler = settings.OTEL_TRACES_SAMPLER;
  if (written.has('OTEL_TRACES_SAMPLER_ARG') && !sampler.endsWith('ratio')) {
    const effect = `which has no effect on the sampler ${sampler}`;
    warn('OTEL_TRACES_SAMPLER_ARG', effect, 'write OTEL_TRACES_SAMPLER=parentbased_traceidratio');
  }
  return problems;
}

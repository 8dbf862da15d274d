import { SIGNALS, type Signal } from 'opentelemetry-instrument-exporters';
import { valueProblem } from './problem.ts';
import type { ProgramSettings } from './program-settings.ts';
import type { Finding, Problem } from './variable.ts';
import type { VariableName } from './variables.ts';

/** Finds values that are valid but do not fit other settings. */
export function checkSettings(resolved: ProgramSettings): Problem[] {
  return [...checkEndpoints(resolved), ...checkPairs(resolved)];
}

function checkEndpoints(resolved: ProgramSettings): Problem[] {
  const { exporters, otlp, variables, written } = resolved;
  const endpoints = new Set(SIGNALS.flatMap((signal) => otlp[signal].endpoint?.variable ?? []));
  return [...endpoints].flatMap((name) => {
    const value = written.get(name);
    if (value === undefined) return [];
    const signals = SIGNALS.filter((signal) => otlp[signal].endpoint?.variable === name);
    const users = signals.filter((signal) => exporters[signal].includes('otlp'));
    const findings = users.length === 0 ? [unused(signals, exporters)] : warningsOf(users, otlp);
    return findings.map((finding) => valueProblem(variables, name, value, finding));
  });
}

function unused(signals: readonly Signal[], exporters: ProgramSettings['exporters']): Finding {
  const ways = signals.map((signal) =>
    exporters[signal].length > 0
      ? `${signal} go to ${exporters[signal].join(',')}`
      : `${signal} are not exported`,
  );
  return {
    problem: `is not used, because ${ways.join(', ')}`,
    fix: `add otlp to OTEL_${signals[0]?.toUpperCase()}_EXPORTER, or remove the endpoint`,
  };
}

/** Returns each warning once. Signals may share the variable and use different protocols. */
function warningsOf(users: readonly Signal[], otlp: ProgramSettings['otlp']): Finding[] {
  const all = users.flatMap((signal) =>
    (otlp[signal].endpoint?.warnings ?? []).map((warning) => ({ signal, warning })),
  );
  const distinct = Map.groupBy(all, ({ warning }) => warning.problem);
  return [...distinct.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { signal, warning } = first;
    if (others.length + 1 === users.length) return warning;
    const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`;
    return { ...warning, fix: `${warning.fix} in ${own}` };
  });
}

/** Checks values that limit each other. */
function checkPairs({ settings, written, variables }: ProgramSettings): Problem[] {
  const problems: Problem[] = [];
  function warn(name: VariableName, problem: string, fix: string): void {
    const value = written.get(name);
    if (value) problems.push(valueProblem(variables, name, value, { problem, fix }));
  }

  for (const processor of ['BSP', 'BLRP'] as const) {
    const batch = `OTEL_${processor}_MAX_EXPORT_BATCH_SIZE` as const;
    const queue = `OTEL_${processor}_MAX_QUEUE_SIZE` as const;
    if (settings[batch] <= settings[queue]) continue;
    warn(
      written.has(batch) ? batch : queue,
      `limits batches to the queue of ${settings[queue]}`,
      `use a ${batch} of at most ${settings[queue]}`,
    );
  }
  const sampler = settings.OTEL_TRACES_SAMPLER;
  if (!sampler.endsWith('ratio')) {
    const problem = `has no effect on the sampler ${sampler}`;
    warn('OTEL_TRACES_SAMPLER_ARG', problem, 'use OTEL_TRACES_SAMPLER=parentbased_traceidratio');
  }
  return problems;
}

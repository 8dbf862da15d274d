import type { Signal } from 'opentelemetry-instrument-exporters';
import type { EffectiveSetting, Problem } from '../settings/index.ts';
import type { Cause, Destination, Diagnosis, Verdict } from './diagnosis.ts';
import { explainRuntime } from './inspect-runtime.ts';

/** Returns whether the app's records of a signal arrive at all destinations. */
export function verdictFor(
  signal: Signal,
  destinations: readonly Destination[],
  { settings, runtime }: Pick<Diagnosis, 'settings' | 'runtime'>,
  refusals: readonly Problem[] = [],
): Verdict {
  if (isDisabled(settings)) return { kind: 'off', change: 'Set OTEL_SDK_DISABLED=false' };
  if (destinations.length === 0) {
    const flag = `--${signal}_exporter`;
    return {
      kind: 'off',
      change: `Set OTEL_${signal.toUpperCase()}_EXPORTER=otlp, or ${flag} otlp`,
    };
  }
  const causes = [
    ...refusals.map(explainRefusal),
    explainRuntime(runtime),
    ...destinations.map(causeOf),
    signal === 'traces' ? explainSampler(settings) : undefined,
  ];
  const cause = causes.find((each) => each);
  return cause ? { kind: 'fails', ...cause } : { kind: 'arrives' };
}

/** Returns whether the SDK is disabled. */
export function isDisabled(settings: readonly EffectiveSetting[]): boolean {
  return settings.some(
    ({ name, value }) => name === 'OTEL_SDK_DISABLED' && value.toLowerCase() === 'true',
  );
}

function explainRefusal({ source, fix }: Problem): Cause {
  return {
    because: `the app does not start with ${source} as it is.`,
    change: `Correct ${source}: ${fix}.`,
  };
}

function causeOf(destination: Destination): Cause | null {
  return 'cause' in destination ? destination.cause : null;
}

/** Explains that the sampler drops all traces. The test span bypasses it. */
function explainSampler(settings: readonly EffectiveSetting[]): Cause | undefined {
  const value = (name: string) => settings.find((setting) => setting.name === name)?.value;
  const sampler = value('OTEL_TRACES_SAMPLER')?.toLowerCase() ?? '';
  const [, kind] = /^(?:parentbased_)?(always_off|traceidratio)$/.exec(sampler) ?? [];
  const isOff = kind === 'always_off' || Number(value('OTEL_TRACES_SAMPLER_ARG') || 1) === 0;
  if (kind === undefined || !isOff) return undefined;
  return {
    because: `spans can be delivered, but the sampler ${sampler} drops all traces of the app.`,
    change: 'Set OTEL_TRACES_SAMPLER=parentbased_always_on',
  };
}

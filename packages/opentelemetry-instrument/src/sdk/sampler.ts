import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { ATTR_URL_PATH } from '@opentelemetry/semantic-conventions';
import type { SamplerRule, Settings } from '../settings/index.ts';

type SamplerSettings = Pick<
  Settings,
  'OTEL_TRACES_SAMPLER' | 'OTEL_TRACES_SAMPLER_ARG' | 'OTEL_JS_SAMPLER_RULES'
>;

/** Creates the sampler that `OTEL_TRACES_SAMPLER` names, with the rules of `OTEL_JS_SAMPLER_RULES`. */
export function createSampler({
  OTEL_TRACES_SAMPLER: name,
  OTEL_TRACES_SAMPLER_ARG: ratio,
  OTEL_JS_SAMPLER_RULES: rules,
}: SamplerSettings): Sampler {
  const [, parentBased, kind] = /^(parentbased_)?(.*)$/.exec(name) ?? [];
  const root =
    kind === 'always_off'
      ? new AlwaysOffSampler()
      : kind === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler();
  if (rules.length === 0) return parentBased ? new ParentBasedSampler({ root }) : root;
  const ruled = createRuleSampler(rules, root);
  if (parentBased) return new ParentBasedSampler({ root: ruled });
  // Local children have no path, so they follow their parent.
  return new ParentBasedSampler({
    root: ruled,
    remoteParentSampled: ruled,
    remoteParentNotSampled: ruled,
  });
}

/** Creates a sampler that samples requests by their path: the first rule that matches decides. */
function createRuleSampler(rules: readonly SamplerRule[], otherwise: Sampler): Sampler {
  const samplers = rules.map(({ path, ratio }) => ({
    matches: path.endsWith('*')
      ? (value: string) => value.startsWith(path.slice(0, -1))
      : (value: string) => value === path,
    sampler: new TraceIdRatioBasedSampler(ratio),
  }));
  return {
    shouldSample(context, traceId, name, kind, attributes, links) {
      const path = attributes[ATTR_URL_PATH];
      const rule =
        typeof path === 'string' ? samplers.find(({ matches }) => matches(path)) : undefined;
      if (rule) return rule.sampler.shouldSample(context, traceId);
      return otherwise.shouldSample(context, traceId, name, kind, attributes, links);
    },
    toString: () => `Rules{${rules.map(({ path, ratio }) => `${path}=${ratio}`).join()}}`,
  };
}

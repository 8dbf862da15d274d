import {
  type FileContext,
  type FileValue,
  membersOf,
  readChoice,
  readShape,
  type Shape,
} from './shape.ts';

/** Samplers without options. */
const ALWAYS = ['always_on', 'always_off'] as const;

/** Reads the sampler. A parent-based sampler supports only the defaults below a parent. */
export function readSampler(value: FileValue, context: FileContext): void {
  readChoice(
    value,
    {
      ...samplers(''),
      parent_based(parent) {
        context.set('OTEL_TRACES_SAMPLER', 'parentbased_always_on', parent);
        readShape(
          parent,
          {
            root: (root) => readChoice(root, samplers('parentbased_'), context),
            remote_parent_sampled: only('always_on'),
            remote_parent_not_sampled: only('always_off'),
            local_parent_sampled: only('always_on'),
            local_parent_not_sampled: only('always_off'),
          },
          context,
        );
      },
    },
    context,
  );
}

function samplers(prefix: '' | 'parentbased_'): Readonly<Record<string, Shape>> {
  const set =
    (name: string, shape: Shape): Shape =>
    (value, context) => {
      context.set('OTEL_TRACES_SAMPLER', `${prefix}${name}`, value);
      readShape(value, shape, context);
    };
  return {
    ...Object.fromEntries(ALWAYS.map((name) => [name, set(name, {})])),
    trace_id_ratio_based: set('traceidratio', { ratio: 'OTEL_TRACES_SAMPLER_ARG' }),
  };
}

function only(name: (typeof ALWAYS)[number]): Shape {
  return (value, context) => {
    const keys = (membersOf(value, context) ?? []).map(([key]) => key);
    if (keys.length === 0 || keys.join() === name) return;
    context.fail(value, `${keys.join(', ')} is not supported here`, `use ${name}, or remove it`);
  };
}

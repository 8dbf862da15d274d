import {
  type AggregationOption,
  AggregationType,
  type IAttributesProcessor,
  InstrumentType,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import {
  entriesOfList,
  type FileContext,
  type FileValue,
  readBoolean,
  readChoice,
  readNumber,
  readScalar,
  readShape,
  type Shape,
  stringsOf,
} from './shape.ts';

/** The options of a view while its file is read. */
type Draft = { -readonly [Key in keyof ViewOptions]: ViewOptions[Key] };

/** Boundaries of the specification. */
const BOUNDARIES = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
/** The default of the file. No other value is supported. */
const DEFAULT_MAX_SCALE = 20;

/** Reads the views of the metrics. */
export function readViews(list: FileValue, context: FileContext): void {
  for (const entry of entriesOfList(list, context)) {
    const view = readView(entry, context);
    if (view !== undefined) context.addView(view);
  }
}

function readView(entry: FileValue, context: FileContext): ViewOptions | undefined {
  const view: Draft = {};
  const text =
    (key: 'instrumentName' | 'instrumentUnit' | 'meterName' | 'meterVersion' | 'meterSchemaUrl') =>
    (value: FileValue) => {
      const scalar = readScalar(value, context);
      if (scalar !== undefined) view[key] = scalar;
    };
  let name: FileValue | undefined;
  readShape(
    entry,
    {
      selector: {
        instrument_name: text('instrumentName'),
        instrument_type(value) {
          const type = readInstrumentType(value, context);
          if (type !== undefined) view.instrumentType = type;
        },
        unit: text('instrumentUnit'),
        meter_name: text('meterName'),
        meter_version: text('meterVersion'),
        meter_schema_url: text('meterSchemaUrl'),
      },
      stream: {
        name(value) {
          const scalar = readScalar(value, context);
          if (scalar === undefined) return;
          view.name = scalar;
          name = value;
        },
        description(value) {
          const scalar = readScalar(value, context);
          if (scalar !== undefined) view.description = scalar;
        },
        aggregation: (value) =>
          readChoice(
            value,
            aggregations((option) => {
              view.aggregation = option;
            }),
            context,
          ),
        aggregation_cardinality_limit(value) {
          const limit = readNumber(value, context, 1);
          if (limit !== undefined) view.aggregationCardinalityLimit = limit;
        },
        attribute_keys(value) {
          view.attributesProcessors = [readAttributeKeys(value, context)];
        },
      },
    },
    context,
  );
  if (name && /^$|\*/.test(view.instrumentName ?? '')) {
    const fix = 'select one instrument by instrument_name, without *';
    context.fail(name, 'names several instruments', fix);
    return undefined;
  }
  const isSelective =
    view.instrumentType ??
    view.instrumentUnit ??
    view.meterName ??
    view.meterVersion ??
    view.meterSchemaUrl;
  // The SDK requires a criterion.
  if (isSelective === undefined) view.instrumentName ??= '*';
  return view;
}

function readInstrumentType(value: FileValue, context: FileContext): InstrumentType | undefined {
  const written = readScalar(value, context);
  if (written === undefined) return undefined;
  const type = written.toUpperCase();
  const types: Readonly<Record<string, InstrumentType>> = InstrumentType;
  if (Object.hasOwn(types, type)) return types[type];
  const known = Object.keys(types).map((each) => each.toLowerCase());
  const problem = `${JSON.stringify(written)} is not a type of instrument`;
  context.fail(value, problem, `use one of ${known.join(', ')}`);
  return undefined;
}

function aggregations(set: (option: AggregationOption) => void): Readonly<Record<string, Shape>> {
  const plain =
    (option: AggregationOption): Shape =>
    (value, context) => {
      readShape(value, {}, context);
      set(option);
    };
  return {
    default: plain({ type: AggregationType.DEFAULT }),
    drop: plain({ type: AggregationType.DROP }),
    last_value: plain({ type: AggregationType.LAST_VALUE }),
    sum: plain({ type: AggregationType.SUM }),
    explicit_bucket_histogram(value, context) {
      const options = { boundaries: BOUNDARIES, recordMinMax: true };
      readShape(
        value,
        {
          boundaries(list) {
            const read = entriesOfList(list, context).map((each) => readNumber(each, context));
            options.boundaries = read.filter((each) => each !== undefined);
          },
          record_min_max(flag) {
            options.recordMinMax = readBoolean(flag, context) ?? true;
          },
        },
        context,
      );
      set({ type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options });
    },
    base2_exponential_bucket_histogram(value, context) {
      const options = { maxSize: 160, recordMinMax: true };
      readShape(
        value,
        {
          max_scale(scale) {
            if ((readNumber(scale, context) ?? DEFAULT_MAX_SCALE) === DEFAULT_MAX_SCALE) return;
            context.fail(scale, 'is not supported by the SDK for JavaScript', 'remove it');
          },
          max_size(size) {
            options.maxSize = readNumber(size, context, 2) ?? 160;
          },
          record_min_max(flag) {
            options.recordMinMax = readBoolean(flag, context) ?? true;
          },
        },
        context,
      );
      set({ type: AggregationType.EXPONENTIAL_HISTOGRAM, options });
    },
  };
}

/** Returns a processor that keeps the attributes of `included`, or all, without those of `excluded`. */
function readAttributeKeys(value: FileValue, context: FileContext): IAttributesProcessor {
  let included: RegExp | undefined;
  let excluded: RegExp | undefined;
  readShape(
    value,
    {
      included(list) {
        included = toPattern(stringsOf(list, context));
      },
      excluded(list) {
        excluded = toPattern(stringsOf(list, context));
      },
    },
    context,
  );
  const isKept = (key: string) => (included?.test(key) ?? true) && !excluded?.test(key);
  return {
    process: (attributes) =>
      Object.fromEntries(Object.entries(attributes).filter(([key]) => isKept(key))),
  };
}

/** Returns a pattern for names with wildcards: `*` for any characters, and `?` for one. */
function toPattern(names: readonly string[]): RegExp {
  const patterns = names.map((name) =>
    name
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.'),
  );
  return new RegExp(`^(?:${patterns.join('|')})$`, 's');
}

import {
  type Attributes,
  type AttributeValue,
  diag,
  type Exception,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from '@opentelemetry/api';
import {
  hrTimeDuration,
  type InstrumentationScope,
  isAttributeValue,
  isTimeInput,
} from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, SpanLimits, TimedEvent } from '@opentelemetry/sdk-trace-base';
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions';
import { type ClockedSpan, toHrTime } from '../clock/index.ts';
import { limitAttributes, limitLength } from './limit-attributes.ts';

/** Properties that all spans of a tracer share. */
export interface SpanOrigin {
  readonly resource: Resource;
  readonly instrumentationScope: InstrumentationScope;
  readonly limits: Required<SpanLimits>;
  readonly onEnd: (span: FastSpan) => void;
}

const UNSET: SpanStatus = Object.freeze({ code: SpanStatusCode.UNSET });
const NO_TIME: HrTime = [0, 0];
const NO_DURATION: HrTime = [-1, -1];
// Most spans have no events or links, so they share one empty array.
const NONE: never[] = Object.freeze([]) as never[];

/**
 * A span that behaves like the SDK's but copies each attribute once instead of three times.
 *
 * It is a class, unlike other objects here: each request creates several, and prototype
 * methods are free.
 * @see https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits
 */
export class FastSpan implements Span, ReadableSpan, ClockedSpan {
  name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext?: SpanContext;
  readonly clockOffset: number;
  readonly startTime: HrTime;
  readonly resource: Resource;
  readonly instrumentationScope: InstrumentationScope;
  readonly attributes: Attributes = {};
  events: TimedEvent[] = NONE;
  links: Link[] = NONE;
  status = UNSET;
  endTime = NO_TIME;
  duration = NO_DURATION;
  ended = false;
  droppedAttributesCount = 0;
  droppedEventsCount = 0;
  droppedLinksCount = 0;
  readonly #origin: SpanOrigin;
  readonly #context: SpanContext;
  #attributesCount = 0;

  constructor(
    origin: SpanOrigin,
    context: SpanContext,
    name: string,
    kind: SpanKind,
    clockOffset: number,
    parent?: SpanContext,
    startTime?: TimeInput | null,
  ) {
    this.#origin = origin;
    this.#context = context;
    this.name = name;
    this.kind = kind;
    if (parent) this.parentSpanContext = parent;
    this.resource = origin.resource;
    this.instrumentationScope = origin.instrumentationScope;
    this.clockOffset = clockOffset;
    this.startTime = toHrTime(startTime, clockOffset);
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  isRecording(): boolean {
    return !this.ended;
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    if (!this.#isOver()) this.#set(key, value, !Object.hasOwn(this.attributes, key));
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (this.#isOver()) return this;
    const isFirst = this.#attributesCount === 0;
    for (const key in attributes) {
      if (!Object.hasOwn(attributes, key)) continue;
      this.#set(key, attributes[key], isFirst || !Object.hasOwn(this.attributes, key));
    }
    return this;
  }

  #set(key: string, value: AttributeValue | undefined, isNew: boolean): void {
    if (value == null) return;
    if (key === '' || !isAttributeValue(value)) {
      diag.warn(`Invalid attribute "${key}": it needs a name, and strings, numbers or booleans.`);
      return;
    }
    const { attributeCountLimit, attributeValueLengthLimit } = this.#origin.limits;
    if (isNew && this.#attributesCount >= attributeCountLimit) {
      this.droppedAttributesCount += 1;
      return;
    }
    if (isNew) this.#attributesCount += 1;
    this.attributes[key] = limitLength(value, attributeValueLengthLimit);
  }

  addEvent(
    name: string,
    attributesOrTime?: Attributes | TimeInput | null,
    time?: TimeInput | null,
  ): this {
    if (this.#isOver()) return this;
    const { eventCountLimit, attributePerEventCountLimit, attributeValueLengthLimit } =
      this.#origin.limits;
    const isTime = isTimeInput(attributesOrTime);
    const at = isTime ? (time ?? attributesOrTime) : time;
    const kept = limitAttributes(
      isTime ? {} : attributesOrTime,
      attributePerEventCountLimit,
      attributeValueLengthLimit,
    );
    const event = { name, ...kept, time: toHrTime(at, this.clockOffset) };
    this.events = append(this.events, event);
    this.droppedEventsCount += keepLast(this.events, eventCountLimit);
    return this;
  }

  addLink(link: Link): this {
    if (this.#isOver()) return this;
    const { linkCountLimit, attributePerLinkCountLimit, attributeValueLengthLimit } =
      this.#origin.limits;
    const { attributes, droppedAttributesCount } = limitAttributes(
      link.attributes,
      attributePerLinkCountLimit,
      attributeValueLengthLimit,
    );
    const kept = {
      context: link.context,
      ...(Object.keys(attributes).length > 0 && { attributes }),
      ...(droppedAttributesCount > 0 && { droppedAttributesCount }),
    };
    this.links = append(this.links, kept);
    this.droppedLinksCount += keepLast(this.links, linkCountLimit);
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus({ code, message }: SpanStatus): this {
    if (this.#isOver() || code === SpanStatusCode.UNSET) return this;
    if (this.status.code === SpanStatusCode.OK) return this;
    const hasMessage = code === SpanStatusCode.ERROR && typeof message === 'string';
    this.status = hasMessage ? { code, message } : { code };
    return this;
  }

  updateName(name: string): this {
    if (!this.#isOver()) this.name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput | null): void {
    const error = typeof exception === 'string' ? { message: exception } : (exception ?? {});
    const { code, name, message, stack } = error as Exclude<Exception, string>;
    const attributes: Attributes = {};
    if (code || name) attributes[ATTR_EXCEPTION_TYPE] = String(code || name);
    if (message) attributes[ATTR_EXCEPTION_MESSAGE] = message;
    if (stack) attributes[ATTR_EXCEPTION_STACKTRACE] = stack;
    if (code || name || message) this.addEvent('exception', attributes, time);
    else diag.warn('What was recorded as an exception has neither a name nor a message.');
  }

  end(time?: TimeInput | null): void {
    if (this.#isOver()) return;
    this.endTime = toHrTime(time, this.clockOffset);
    this.duration = hrTimeDuration(this.startTime, this.endTime);
    if (this.duration[0] < 0) {
      diag.warn(`The span "${this.name}" ends before it begins: its duration becomes 0.`);
      this.endTime = [...this.startTime];
      this.duration = [0, 0];
    }
    this.ended = true;
    this.#origin.onEnd(this);
  }

  #isOver(): boolean {
    if (this.ended) diag.warn(`The span "${this.name}" has ended: it takes nothing more.`);
    return this.ended;
  }
}

function append<T>(items: T[], item: T): T[] {
  if (items === NONE) return [item];
  items.push(item);
  return items;
}

/** Removes the oldest items above the limit and returns their number. */
function keepLast(items: unknown[], limit: number): number {
  return items.splice(0, Math.max(items.length - limit, 0)).length;
}

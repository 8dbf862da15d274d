import { BODY_SENT } from '../passed-on-response.ts';

/** Receives the end of a body, once. */
export interface BodyListener {
  /** The body was read to its end, or cancelled. */
  onEnd(): void;
  /** Reading the body failed. */
  onFailure(thrown: unknown): void;
  /** The program dropped the response without reading it. Called after garbage collection. */
  onDropped(): void;
}

/** A body that has not ended. Several responses share it, if one was cloned. */
interface Watch {
  readonly listeners: BodyListener[];
  /** Number of responses that are not dropped. */
  responses: number;
  hasEnded: boolean;
}

const watches = new WeakMap<Response, Watch>();
const bodies = new WeakMap<Response, ReadableStream<Uint8Array>>();
/** Notices that the program drops a response. Workers with a compatibility date before May 2025 cannot. */
const dropped =
  globalThis.FinalizationRegistry &&
  new FinalizationRegistry<Watch>((watch) => {
    watch.responses -= 1;
    if (watch.responses === 0) settle(watch, 'onDropped');
  });

const { prototype } = Response;
/** TypeScript does not know the method yet. */
const { textStream } = prototype as { textStream?: () => ReadableStream<string> };
const nativeBody = Object.getOwnPropertyDescriptor(prototype, 'body')?.get;
const CONSUMERS = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const;

/** Prototype of watched responses. */
const WATCHED: object = Object.create(prototype, {
  body: { get: watchedBody },
  [BODY_SENT]: {
    value(this: Response) {
      settle(watches.get(this), 'onEnd');
    },
  },
  clone: { writable: true, value: cloneWatched },
  ...(textStream && { textStream: { writable: true, value: streamText } }),
  ...Object.fromEntries(
    CONSUMERS.filter((name) => name in prototype).map((name) => [
      name,
      { writable: true, value: consumer(name) },
    ]),
  ),
});

/**
 * Watches the body of a response. The response stays the same object, so a server can send it, and its `url`
 * is kept. It gets a prototype whose members detect the end of the body.
 * @returns false if there is no body to wait for
 */
export function watchResponse(response: Response, listener: BodyListener): boolean {
  const isEmpty = response.headers.get('content-length') === '0';
  if (isEmpty || response.bodyUsed || getBody(response) === null) return false;
  const known = watches.get(response);
  if (known) known.listeners.push(listener);
  // A subclass may override the methods.
  else if (Object.getPrototypeOf(response) !== prototype) return false;
  else watch(response, { listeners: [listener], responses: 0, hasEnded: false });
  return true;
}

function watch(response: Response, state: Watch): void {
  // Defining the members on each response takes 2 microseconds.
  Object.setPrototypeOf(response, WATCHED);
  state.responses += 1;
  watches.set(response, state);
  dropped?.register(response, state, response);
}

/** Notifies the listeners of a body, unless it has ended already. */
function settle(state: Watch | undefined, how: keyof BodyListener, thrown?: unknown): void {
  if (!state || state.hasEnded) return;
  state.hasEnded = true;
  for (const listener of state.listeners) listener[how](thrown);
}

function getBody(response: Response): ReadableStream<Uint8Array> | null {
  return nativeBody?.call(response) ?? null;
}

/** Returns the method `name` of a response, which also notices the end of the body. */
function consumer(name: (typeof CONSUMERS)[number]): (this: Response) => Promise<unknown> {
  const native = prototype[name];
  return function consume() {
    const state = watches.get(this);
    // Locks the body that the stream of `body` reads, so that the method fails as without it.
    const source = getBody(this);
    if (bodies.get(this)?.locked && !source?.locked) source?.getReader();
    const isUnusable = this.bodyUsed || source?.locked;
    const result: Promise<unknown> = native.call(this);
    if (isUnusable) return result;
    dropped?.unregister(this);
    return result.then(
      (value) => {
        settle(state, 'onEnd');
        return value;
      },
      (thrown) => {
        settle(state, 'onFailure', thrown);
        throw thrown;
      },
    );
  };
}

/** Decodes the watched body. The native method would read another stream. */
function streamText(this: Response): ReadableStream<string> | undefined {
  if (this.bodyUsed) return textStream?.call(this);
  return this.body?.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>);
}

function cloneWatched(this: Response): Response {
  const clone = prototype.clone.call(this);
  const state = watches.get(this);
  if (state) watch(clone, state);
  return clone;
}

/** Returns the body as a stream whose end is noticed, however it is read. */
function watchedBody(this: Response): ReadableStream<Uint8Array> | null {
  const known = bodies.get(this);
  const state = watches.get(this);
  if (known || !state) return known ?? getBody(this);
  // After `text()` the body belongs to that.
  if (this.bodyUsed || getBody(this)?.locked) return getBody(this);
  const body = watchStream(() => getBody(this), state);
  bodies.set(this, body);
  dropped?.unregister(this);
  dropped?.register(body, state, this);
  return body;
}

function watchStream(
  getSource: () => ReadableStream<Uint8Array> | null,
  state: Watch,
): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** Locks the source when the first byte is asked for, as `clone()` must be possible until then. */
  const source = () => {
    reader ??= getSource()?.getReader();
    return reader;
  };

  return new ReadableStream<Uint8Array>(
    {
      type: 'bytes',
      async pull(controller) {
        try {
          let value: Uint8Array | undefined;
          // A stream of bytes refuses an empty chunk.
          do value = (await source()?.read())?.value;
          while (value?.length === 0);
          if (value) return controller.enqueue(value as Uint8Array<ArrayBuffer>);
          controller.close();
          (controller as ReadableByteStreamController).byobRequest?.respond(0);
          settle(state, 'onEnd');
        } catch (thrown) {
          controller.error(thrown);
          settle(state, 'onFailure', thrown);
        }
      },
      cancel(reason) {
        settle(state, 'onEnd');
        return source()?.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

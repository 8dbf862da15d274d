import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { logs } from '@opentelemetry/api-logs';

/** Names of the parts that an SDK registers. API 1.10 has logs. */
const REGISTERED = ['context', 'propagation', 'trace', 'metrics', 'logs'] as const;
/** Everything that the copies of the API keep. Their logger, `diag`, may be replaced at any time. */
const KEPT = ['version', 'diag', ...REGISTERED] as const;

/** The object in which all copies of `@opentelemetry/api` 1.x keep what is registered. */
type SharedApi = { version: string } & { [Name in (typeof KEPT)[number]]?: unknown };

const SHARED_API = Symbol.for('opentelemetry.js.api.1');

/** Programs register an SDK when they start. Looking out for it makes each call of the API slower. */
const STARTUP_MS = 10_000;

/**
 * Unregisters the SDK as soon as the program registers its own, which the API would refuse otherwise.
 *
 * A program may import another copy of the API than this package, as with npx. So registrations are
 * noticed in the object that all copies share. A copy reads its version before it looks something up, but
 * not before it registers something.
 * @param onOther called once, before the other SDK is registered
 */
export function stepBackForOtherSdk(onOther: () => void): void {
  const api = Reflect.get(globalThis, SHARED_API) as SharedApi | undefined;
  if (api === undefined) return;
  const own: SharedApi = { ...api, version: newerVersion(api.version, programApiVersion()) };
  const { setGlobalLoggerProvider } = logs;
  let isLookup = false;

  function stopWatching(): void {
    clearTimeout(timer);
    logs.setGlobalLoggerProvider = setGlobalLoggerProvider;
  }
  function stepBack(): void {
    stopWatching();
    for (const name of KEPT) delete api?.[name];
    const version = programApiVersion() ?? own.version;
    Object.assign(api ?? {}, { version, ...(own.diag !== undefined && { diag: own.diag }) });
    logs.disable();
    onOther();
  }

  for (const name of KEPT) {
    const isRegistered = REGISTERED.some((each) => each === name);
    Object.defineProperty(api, name, {
      configurable: true,
      enumerable: true,
      get() {
        if (isRegistered && !isLookup) return void stepBack();
        isLookup = name === 'version';
        return own[name];
      },
      set(value) {
        isLookup = false;
        own[name] = value;
      },
    });
  }
  // api-logs has a global of its own.
  logs.setGlobalLoggerProvider = (provider) => {
    stepBack();
    return logs.setGlobalLoggerProvider(provider);
  };
  const timer = setTimeout(() => {
    stopWatching();
    for (const name of KEPT) {
      // The program may have unregistered a part, and registered its own.
      const kept = Object.getOwnPropertyDescriptor(api, name);
      if (kept?.get === undefined) own[name] = kept?.value;
    }
    Reflect.set(globalThis, SHARED_API, own);
  }, STARTUP_MS);
  timer.unref();
}

/** Returns the version of the API that the program imports; undefined if it imports none. */
function programApiVersion(): string | undefined {
  try {
    const api = createRequire(process.argv[1] ?? `${process.cwd()}/`).resolve('@opentelemetry/api');
    // Its module is in `build/<format>/`.
    const manifest = readFileSync(new URL('../../package.json', `file://${api}`), 'utf8');
    return (JSON.parse(manifest) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** Returns the newer version of 1.x: a copy of the API ignores what an older one has registered. */
function newerVersion(version: string, other = version): string {
  const minor = (each: string) => Number(each.split('.')[1]);
  return minor(other) > minor(version) ? other : version;
}

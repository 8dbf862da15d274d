import { createRequire } from 'node:module';
import process from 'node:process';
import { logs } from '@opentelemetry/api-logs';
import { findApiVersion } from './find-api-version.ts';
import { API_PARTS, SHARED_API, type SharedApi } from './sdk/shared-api.ts';

const KEPT = ['version', 'diag', ...API_PARTS] as const;

/** Programs register an SDK when they start. Looking out for it makes each call of the API slower. */
const STARTUP_MS = 10_000;

/** Newer than any copy of the API. A copy finds nothing that an older one has registered. */
const NEWEST_VERSION = '1.9999.0';

/**
 * Unregisters the SDK as soon as the program registers its own, which the API would refuse otherwise.
 *
 * A program may import another copy of the API than this package, as with npx. So registrations are
 * noticed in the object that all copies share. A copy assigns this object to its global before it
 * registers something, and never to look something up.
 * @param onOther called once, before the other SDK is registered
 */
export function stepBackForOtherSdk(onOther: () => void): void {
  const registered = Reflect.get(globalThis, SHARED_API) as SharedApi | undefined;
  if (registered === undefined) return;
  const importer = process.argv[1] ?? `${process.cwd()}/`;
  const programVersion = findApiVersion(importer);
  const version = newerVersion(registered.version, programVersion ?? NEWEST_VERSION);
  const own: SharedApi = { ...registered, version };
  const watched = {} as SharedApi;
  const { logs: programLogs } = requireLogsApi(importer) ?? { logs };
  const { setGlobalLoggerProvider } = programLogs;
  let isRegistration = false;

  function stopWatching(api: SharedApi): void {
    clearTimeout(timer);
    programLogs.setGlobalLoggerProvider = setGlobalLoggerProvider;
    Object.defineProperty(globalThis, SHARED_API, {
      configurable: true,
      writable: true,
      value: api,
    });
  }
  function stepBack(): void {
    stopWatching(watched);
    for (const name of KEPT) delete watched[name];
    // A copy only registers something if the version is its own.
    watched.version = programVersion ?? registered?.version ?? version;
    if (own.diag !== registered?.diag) watched.diag = own.diag;
    logs.disable();
    onOther();
  }

  for (const name of KEPT) {
    Object.defineProperty(watched, name, {
      configurable: true,
      enumerable: true,
      get() {
        // Registering a logger of `diag` reads the version first.
        if (isRegistration && name !== 'version' && name !== 'diag') return void stepBack();
        isRegistration = false;
        return own[name];
      },
      set(value) {
        own[name] = value;
      },
    });
  }
  Object.defineProperty(globalThis, SHARED_API, {
    configurable: true,
    get: () => watched,
    set() {
      isRegistration = true;
    },
  });
  // Copies of api-logs share nothing that shows a registration, so watch that of the program.
  programLogs.setGlobalLoggerProvider = (provider) => {
    stepBack();
    return programLogs.setGlobalLoggerProvider(provider);
  };
  const timer = setTimeout(() => {
    for (const name of KEPT) {
      // The program may have unregistered a part, and registered its own.
      const kept = Object.getOwnPropertyDescriptor(watched, name);
      if (kept?.get === undefined) own[name] = kept?.value;
    }
    stopWatching(own);
  }, STARTUP_MS);
  timer.unref();
}

/** Returns the copy of api-logs that a module imports; undefined if it imports none. */
function requireLogsApi(importer: string): { readonly logs: typeof logs } | undefined {
  try {
    return createRequire(importer)('@opentelemetry/api-logs');
  } catch {
    return undefined;
  }
}

/** Returns the newer version of 1.x. */
function newerVersion(version: string, other: string): string {
  const minor = (each: string) => Number(each.split('.')[1]);
  return minor(other) > minor(version) ? other : version;
}

/** What these rules read of package.json. */
export interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What they read of package-lock.json: packages by their place below the repository. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

/** A range lets two installs differ. An alias, `npm:name@1.2.3`, has its version at the end. */
export function rangeBreaches({ dependencies, devDependencies }: Manifest): string[] {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} is "${version}" in package.json, not an exact version`);
}

const scope = /(?:^|\/)node_modules\/(@opentelemetry\/[^/]+)$/;
// These two keep a pace of their own.
const ownPace = ['@opentelemetry/api', '@opentelemetry/semantic-conventions'];

/**
 * OpenTelemetry's packages work together only when they are of one release: its stable packages of
 * one version, its experimental ones (0.x) of one, and each installed once, above all the API,
 * whose second copy records nothing without a word.
 */
export function openTelemetryBreaches({ packages }: Lockfile): string[] {
  const installed = Object.entries(packages).flatMap(([place, { version = '' }]) => {
    const name = scope.exec(place)?.[1];
    return name ? [{ name, version }] : [];
  });
  const names = installed.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  const missing = names.includes('@opentelemetry/api') ? [] : ['@opentelemetry/api is missing'];

  const released = installed.filter(({ name }) => !ownPace.includes(name));
  const lines = [/^0\./, /^[1-9]/].flatMap((line) => {
    const versions = new Set(released.map(({ version }) => version).filter((v) => line.test(v)));
    return versions.size > 1 ? [`OpenTelemetry is mixed: ${[...versions].sort().join(', ')}`] : [];
  });
  return [...missing, ...twice.map((name) => `${name} is installed more than once`), ...lines];
}

/** The parts of package.json that these rules read. */
export interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The parts of package-lock.json that these rules read: packages by their path. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

/** Finds dependencies without an exact version. An alias, `npm:name@1.2.3`, ends with its version. */
export function rangeBreaches({ dependencies, devDependencies }: Manifest): string[] {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} is "${version}" in package.json, not an exact version`);
}

const scope = /(?:^|\/)node_modules\/(@opentelemetry\/[^/]+)$/;
// These two have their own release schedule.
const ownPace = ['@opentelemetry/api', '@opentelemetry/semantic-conventions'];

/**
 * Finds packages of OpenTelemetry that are not of one release, or that are installed twice. The stable
 * packages have one version, the experimental ones (0.x) another. A second copy of the API silently
 * records nothing.
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

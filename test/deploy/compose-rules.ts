/** The part that the rules read of a file's model, as `docker compose` loads it. */
export interface ComposeModel {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string; readonly target: string };
  readonly command?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly cpus?: number;
  readonly ulimits?: Readonly<Record<string, unknown>>;
  readonly tmpfs?: readonly string[];
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly cap_drop?: readonly string[];
  readonly profiles?: readonly string[];
  readonly ports?: readonly { host_ip?: string; published: string; target: number }[];
  readonly volumes?: readonly { type: string; source: string; target: string }[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Returns the rules that a service breaks, as sentences. */
export function composeBreaches(name: string, service: ComposeService): string[] {
  const { image, build, ports = [], environment = {}, tmpfs = [] } = service;
  const breaches: [boolean, string][] = [
    [
      !build && !/:v?\d+\.\d+(\.\d+)?(-alpine)?(@sha256:[\da-f]{64})?$/.test(image ?? ''),
      `is not pinned: ${image}`,
    ],
    [!service.mem_limit, 'has no limit on its memory'],
    [!service.pids_limit, 'has no limit on its processes'],
    [!service.cpus, 'has no limit on its processors'],
    [!service.ulimits?.nofile, 'has no limit on its descriptors'],
    [
      tmpfs.some((each) => !/:.*size=\d+m/.test(each) || !/[:,]noexec(,|$)/.test(each)),
      'has a tmpfs without a size, or to run programs from',
    ],
    [
      !!ports.length && 'default' in (service.networks ?? { default: null }),
      'is on no named network',
    ],
    [!service.read_only, 'has a file system that it can write to'],
    [!service.cap_drop?.includes('ALL'), 'keeps capabilities'],
    [service.user === 'root' && !!ports.length, 'is root and listens'],
    [ports.some(({ host_ip }) => host_ip !== '127.0.0.1'), 'listens beyond this machine'],
    [
      Object.entries(environment).some(([key]) => /password|token|secret/i.test(key)),
      'has a secret in its environment',
    ],
  ];
  return breaches.filter(([isBreach]) => isBreach).map(([, what]) => `${name} ${what}`);
}

import type { KubernetesObject } from '../support/kubernetes.ts';

/** The part of a Deployment that the rules read. */
export interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Labels };
    readonly template: {
      readonly metadata?: { readonly labels?: Labels };
      readonly spec: PodSpec;
    };
  };
}

type Labels = Readonly<Record<string, string>>;

export interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly seccompProfile?: { readonly type: string };
  };
  readonly topologySpreadConstraints?: readonly { readonly topologyKey: string }[];
  readonly containers: readonly Container[];
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: {
      readonly fieldRef?: { readonly fieldPath: string };
      readonly secretKeyRef?: { readonly name: string; readonly key: string };
    };
  }[];
  readonly resources?: {
    readonly requests?: Labels;
    readonly limits?: Labels;
  };
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[] };
  };
}

interface Probe {
  readonly httpGet?: { readonly path: string };
}

/** Time in which the app exits after SIGTERM. */
const SHUTDOWN_SECONDS = 5;
const SECRET = /:\/\/[^/@\s]+:[^/@\s]+@/;

/** Returns the rules that a Deployment breaks, as sentences. */
export function deploymentBreaches({ metadata, spec }: Deployment): string[] {
  const pod = spec.template.spec;
  const breaches: [boolean, string][] = [
    [pod.automountServiceAccountToken !== false, 'gives its pods a token for the API'],
    [pod.enableServiceLinks !== false, 'gets a variable for each Service'],
    [!pod.securityContext?.runAsNonRoot, 'may run as root'],
    [!pod.securityContext?.runAsUser, 'does not name its user by number'],
    [pod.securityContext?.seccompProfile?.type !== 'RuntimeDefault', 'may call all of the kernel'],
    [(pod.topologySpreadConstraints ?? []).length < 2, 'may run on one node, in one zone'],
  ];
  const found = [
    ...breaches.filter(([isBreach]) => isBreach).map(([, what]) => what),
    ...pod.containers.flatMap((container) => containerBreaches(container, pod)),
  ];
  return found.map((what) => `${metadata.name} ${what}`);
}

function containerBreaches(container: Container, pod: PodSpec): string[] {
  const { image = '', env = [], resources, securityContext, lifecycle } = container;
  const grace = pod.terminationGracePeriodSeconds ?? 30;
  const pause = lifecycle?.preStop?.sleep?.seconds;
  const breaches: [boolean, string][] = [
    [!/:v?\d+\.\d+\.\d+(@sha256:[\da-f]{64})?$/.test(image), `is not pinned: ${image}`],
    [!resources?.requests?.cpu || !resources.requests.memory, 'does not request what it needs'],
    [!resources?.limits?.memory, 'has no limit on its memory'],
    [resources?.limits?.cpu !== undefined, 'is throttled by a limit on its processor'],
    [!securityContext?.readOnlyRootFilesystem, 'has a file system that it can write to'],
    [securityContext?.allowPrivilegeEscalation !== false, 'may gain privileges'],
    [!securityContext?.capabilities?.drop?.includes('ALL'), 'keeps capabilities'],
    [container.startupProbe?.httpGet === undefined, 'has no startup probe'],
    [container.livenessProbe?.httpGet?.path !== '/healthz', 'restarts when its storage is away'],
    [container.readinessProbe?.httpGet?.path !== '/readyz', 'gets requests before it is ready'],
    [pause === undefined, 'ends while proxies still send requests to it'],
    [grace <= (pause ?? 0) + SHUTDOWN_SECONDS, 'is killed before it has shut down'],
    [env.some(({ value = '' }) => SECRET.test(value)), 'has a secret in its environment'],
  ];
  return breaches.filter(([isBreach]) => isBreach).map(([, what]) => what);
}

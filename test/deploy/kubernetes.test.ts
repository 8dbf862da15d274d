import { beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime } from '../support/app-command.ts';
import {
  buildRenderer,
  type KubernetesObject,
  noGo,
  type Rendered,
  renderKustomization,
} from '../support/kubernetes.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { spawnApp } from '../support/spawned-app.ts';
import { type Container, type Deployment, deploymentBreaches } from './kubernetes-rules.ts';

test('deploymentBreaches() catches a careless Deployment', () => {
  const careless: Deployment = {
    kind: 'Deployment',
    metadata: { name: 'todo' },
    spec: {
      template: {
        spec: {
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name: 'todo',
              image: 'todo:latest',
              env: [{ name: 'DATABASE_URL', value: 'postgres://todo:hunter2@db/todo' }],
              resources: { limits: { cpu: '1' } },
              livenessProbe: { httpGet: { path: '/readyz' } },
            },
          ],
        },
      },
    },
  };
  expect(deploymentBreaches(careless)).toEqual([
    'todo gives its pods a token for the API',
    'todo gets a variable for each Service',
    'todo may run as root',
    'todo does not name its user by number',
    'todo may call all of the kernel',
    'todo may run on one node, in one zone',
    'todo is not pinned: todo:latest',
    'todo does not request what it needs',
    'todo has no limit on its memory',
    'todo is throttled by a limit on its processor',
    'todo has a file system that it can write to',
    'todo may gain privileges',
    'todo keeps capabilities',
    'todo has no startup probe',
    'todo restarts when its storage is away',
    'todo gets requests before it is ready',
    'todo ends while proxies still send requests to it',
    'todo is killed before it has shut down',
    'todo has a secret in its environment',
  ]);
});

function findProblem(): string | undefined {
  if (currentRuntime !== 'node') return 'no runtime of ours takes part: run on Node';
  if (noGo) return noGo;
  const renderer = buildRenderer();
  return 'problem' in renderer ? renderer.problem : undefined;
}

const reason = findProblem();
if (reason) test('deploy/kubernetes', ({ skip }) => skip(reason));
else describe('deploy/kubernetes', testManifests);

const OVERLAYS = ['sqlite', 'postgres', 'gateway', 'kafka'] as const;

function testManifests(): void {
  const rendered = new Map<string, Rendered>();

  beforeAll(() => {
    for (const name of OVERLAYS) {
      rendered.set(name, renderKustomization(`deploy/kubernetes/overlays/${name}`));
    }
  });

  const objectsOf = (overlay: string) => rendered.get(overlay)?.objects ?? [];
  const find = (overlay: string, kind: string, name = 'todo') =>
    objectsOf(overlay).find((each) => each.kind === kind && each.metadata.name === name);
  const deploymentOf = (overlay: string) => find(overlay, 'Deployment') as Deployment;
  const kindsOf = (overlay: string) =>
    objectsOf(overlay)
      .filter(({ metadata: { namespace, name } }) => namespace === 'todo' || name === 'todo')
      .map(({ kind }) => kind)
      .sort();

  test('the decoder reports unknown fields and wrong types', () => {
    const { problems } = renderKustomization('test/deploy/wrong-manifests');
    expect(problems).toHaveLength(2);
    expect(problems.join('\n')).toContain('unknown field "spec.replica"');
    expect(problems.join('\n')).toContain('cannot unmarshal');
  });

  describe.each(OVERLAYS)('the overlay %s', (overlay) => {
    test('is known to Kubernetes in every field', () => {
      expect(objectsOf(overlay).length).toBeGreaterThan(5);
      expect(rendered.get(overlay)?.problems).toEqual([]);
    });

    test('keeps the rules', () => {
      expect(deploymentBreaches(deploymentOf(overlay))).toEqual([]);
    });

    test('runs the version of package.json', () => {
      const { version } = JSON.parse(readRepositoryFile('package.json'));
      const [container] = deploymentOf(overlay).spec.template.spec.containers;
      expect(container?.image).toMatch(new RegExp(`/todo-(node|bun|deno):${version}$`));
    });

    test('selects the pods that it makes', () => {
      const { selector, template } = deploymentOf(overlay).spec;
      const labels = template.metadata?.labels;
      expect(labels).toMatchObject(selector?.matchLabels ?? { none: '' });
      expect(labels).toMatchObject(find(overlay, 'Service')?.spec?.selector ?? { none: '' });
    });

    test('leads its Service and its network policy to a port of the app', () => {
      const [container] = deploymentOf(overlay).spec.template.spec.containers;
      expect(container?.ports).toEqual([{ name: 'http', containerPort: 5000 }]);
      expect(find(overlay, 'Service')?.spec?.ports).toMatchObject([{ targetPort: 'http' }]);
      expect(find(overlay, 'NetworkPolicy')?.spec?.ingress).toMatchObject([
        { ports: [{ port: 'http' }] },
      ]);
    });
  });

  test('PostgreSQL has two to ten pods, of which one may be away', () => {
    expect(kindsOf('postgres')).toEqual([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Namespace',
      'NetworkPolicy',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
    ]);
    expect(deploymentOf('postgres').spec.replicas).toBeUndefined();
    expect(find('postgres', 'HorizontalPodAutoscaler')?.spec).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: 'todo' },
      minReplicas: 2,
      maxReplicas: 10,
    });
    const { labels } = deploymentOf('postgres').spec.template.metadata ?? {};
    expect(find('postgres', 'PodDisruptionBudget')?.spec).toMatchObject({
      maxUnavailable: 1,
      selector: { matchLabels: { 'app.kubernetes.io/name': labels?.['app.kubernetes.io/name'] } },
    });
  });

  test('the pools of all pods fit into the connections that PostgreSQL accepts by default', () => {
    const [container] = deploymentOf('postgres').spec.template.spec.containers;
    const size = container?.env?.find(({ name }) => name === 'DATABASE_POOL_SIZE')?.value;
    const { maxReplicas } = find('postgres', 'HorizontalPodAutoscaler')?.spec ?? {};
    // A new version adds a pod, and pods that end keep their connections meanwhile.
    const pods = Number(maxReplicas) + 1 + 4;
    expect(pods * Number(size)).toBeLessThanOrEqual(100 - 3);
  });

  test('PostgreSQL has its URL from the secret that docs/scale.md creates', () => {
    const [container] = deploymentOf('postgres').spec.template.spec.containers;
    const variable = container?.env?.find(({ name }) => name === 'DATABASE_URL');
    const { name, key } = variable?.valueFrom?.secretKeyRef ?? {};
    expect(readRepositoryFile('docs/scale.md')).toContain(
      `-n todo create secret generic ${name} --from-literal=${key}=postgres://`,
    );
  });

  test('SQLite has one pod, which ends before the next starts', () => {
    expect(kindsOf('sqlite')).toEqual([
      'ConfigMap',
      'Deployment',
      'Namespace',
      'NetworkPolicy',
      'PersistentVolumeClaim',
      'Service',
    ]);
    expect(deploymentOf('sqlite').spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'Recreate' },
    });
  });

  test('gateway and kafka have the configurations that the values files name', () => {
    for (const overlay of ['gateway', 'kafka']) {
      for (const name of ['gateway', 'sampler']) {
        const map = find(overlay, 'ConfigMap', name) as KubernetesObject;
        expect(map.metadata.namespace).toBe('telemetry');
        expect(map.data?.relay).toBe(readRepositoryFile(`deploy/${overlay}/${name}.yaml`));
      }
    }
  });

  test('the app accepts its environment and names its instance after its pod', async () => {
    await using sink = await startOtlpSink();
    const [container] = deploymentOf('sqlite').spec.template.spec.containers;
    const map = objectsOf('sqlite').find(({ kind }) => kind === 'ConfigMap');
    const env = resolveEnvironment(container, {
      'status.hostIP': '127.0.0.1',
      'spec.nodeName': 'node-1',
      'metadata.namespace': 'todo',
      'metadata.name': 'todo-abc',
      'metadata.uid': '42',
    });
    await using app = await spawnApp({
      env: {
        ...map?.data,
        ...env,
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        DATABASE_URL: ':memory:',
      },
    });
    const { port } = new URL(app.url);
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      headers: { host: '10.1.2.3:5000' },
    });
    expect(response.status).toBe(200);
    const { code, stderr } = await app.stop();
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/OTEL_RESOURCE_ATTRIBUTES|TRUSTED_PROXIES|ALLOWED_HOSTS/);
    expect(sink.spans[0]?.resource).toMatchObject({
      'service.name': 'todo',
      'service.instance.id': 'todo.todo-abc.todo',
      'k8s.pod.uid': '42',
      'k8s.node.name': 'node-1',
    });
  });
}

/** Returns the variables of a container as Kubernetes sets them: `$(NAME)` is the value of one before. */
function resolveEnvironment(
  container: Container | undefined,
  fields: Readonly<Record<string, string>>,
): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const { name, value = '', valueFrom } of container?.env ?? []) {
    const field = valueFrom?.fieldRef?.fieldPath;
    resolved[name] =
      field === undefined
        ? value.replaceAll(/\$\((\w+)\)/g, (_, other) => resolved[other] ?? `undefined ${other}`)
        : (fields[field] ?? `unknown ${field}`);
  }
  return resolved;
}

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime, root } from '../support/app-command.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { type ComposeModel, type ComposeService, composeBreaches } from './compose-rules.ts';

/** The library with which `docker compose` reads its files: schema, consistency, interpolation. */
const LOADER = 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2';

const noGo = spawnSync('go', ['version']).status !== 0 && 'there is no Go to run its loader with';
test('composeBreaches() catches a careless service', () => {
  const careless: ComposeService = {
    image: 'jaegertracing/jaeger:latest',
    user: 'root',
    ports: [{ published: '9090', target: 9090 }],
    environment: { DB_PASSWORD: 'hunter2' },
    tmpfs: ['/tmp'],
  };
  expect(composeBreaches('jaeger', careless)).toEqual([
    'jaeger is not pinned: jaegertracing/jaeger:latest',
    'jaeger has no limit on its memory',
    'jaeger has no limit on its processes',
    'jaeger has no limit on its processors',
    'jaeger has no limit on its descriptors',
    'jaeger has a tmpfs without a size, or to run programs from',
    'jaeger is on no named network',
    'jaeger has a file system that it can write to',
    'jaeger keeps capabilities',
    'jaeger is root and listens',
    'jaeger listens beyond this machine',
    'jaeger has a secret in its environment',
  ]);
});

const VERB = /^(up|down|logs|restart|stop|ps|exec|kill)$/;

const reason = currentRuntime === 'node' ? noGo : 'no runtime of ours takes part: run on Node';
if (reason) test('the compose file', ({ skip }) => skip(reason));
else describe('the compose file', testCompose);

/** Loads files as `docker compose config` does. Paths are relative to deploy/. */
function load(...files: string[]): { model?: ComposeModel; error: string } {
  const { status, stdout, stderr } = spawnSync(
    'go',
    ['run', LOADER, '--format', 'json', '--no-path-resolution', ...files],
    { cwd: join(root, 'deploy'), encoding: 'utf8' },
  );
  return status === 0 ? { model: JSON.parse(stdout), error: '' } : { error: stderr };
}

function testCompose(): void {
  let model: ComposeModel;
  let services: [string, ComposeService][];

  beforeAll(() => {
    const loaded = load('compose.yaml');
    if (!loaded.model) throw new Error(loaded.error);
    model = loaded.model;
    services = Object.entries(model.services);
  }, 300_000);

  test('is accepted by docker compose, also with the profile for tail sampling', () => {
    const { model: sampling, error } = load('compose.yaml', 'compose.tail-sampling.yaml');
    expect(error).toBe('');
    expect(sampling?.services.collector?.command).toEqual([
      '--config=/etc/otelcol/collector.yaml',
      '--config=/etc/otelcol/tail-sampling.yaml',
    ]);
    // It would be seen.
    const wrong = load('compose.yaml', '../package.json');
    expect(wrong.error).toContain('additional properties');
  });

  test('keeps every service in its place', () => {
    expect(services.length).toBeGreaterThan(13);
    expect(services.flatMap(([name, service]) => composeBreaches(name, service))).toEqual([]);
  });

  test('lets the app reach only the Collector', () => {
    const networksOf = (name: string) => Object.keys(model.services[name]?.networks ?? {});
    for (const name of ['node', 'bun', 'deno']) expect(networksOf(name)).toEqual(['ingest']);
    expect(networksOf('collector').sort()).toEqual(['ingest', 'storage']);
    for (const name of ['jaeger', 'prometheus']) expect(networksOf(name)).toEqual(['storage']);
  });

  test('lets a scaled app reach only the gateway and PostgreSQL, and these no other network', () => {
    const networksOf = (name: string) => Object.keys(model.services[name]?.networks ?? {}).sort();
    for (const name of ['node-scaled', 'bun-scaled', 'deno-scaled']) {
      expect(networksOf(name)).toEqual(['database', 'ingest']);
    }
    expect(networksOf('postgres')).toEqual(['database']);
    expect(networksOf('gateway')).toEqual(['ingest', 'queue', 'storage']);
    for (const name of ['kafka', 'kafka-topic']) expect(networksOf(name)).toEqual(['queue']);
    for (const name of ['sampler-1', 'sampler-2']) {
      expect(networksOf(name)).toEqual(['queue', 'storage']);
    }
    for (const name of ['database', 'queue']) expect(model.networks[name]?.internal).toBe(true);
  });

  test('sets the variables that the configurations of gateway and samplers read', () => {
    for (const [name, file] of [
      ['gateway', 'kafka/gateway.yaml'],
      ['sampler-1', 'kafka/sampler.yaml'],
      ['sampler-2', 'kafka/sampler.yaml'],
    ] as const) {
      const { environment = {}, volumes = [] } = model.services[name] ?? {};
      expect(volumes[0]?.source).toBe(`./${file}`);
      const text = readRepositoryFile(`deploy/${file}`);
      const required = [...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, variable]) => variable);
      expect(required.length).toBeGreaterThan(1);
      expect(Object.keys(environment)).toEqual(expect.arrayContaining(required));
    }
  });

  test('mounts files that exist', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) =>
      volumes.filter(({ type }) => type === 'bind').map(({ source }) => source),
    );
    expect(mounted.length).toBeGreaterThanOrEqual(3);
    expect(mounted.filter((file) => !existsSync(join(root, 'deploy', file)))).toEqual([]);
  });

  test('has every host and port that the configurations name', () => {
    const files = ['collector.yaml', 'tail-sampling.yaml', 'jaeger.yaml', 'prometheus.yaml'];
    const text = files.map((file) => readRepositoryFile(`deploy/${file}`)).join('\n');
    const named = [...text.matchAll(/(?:http:\/\/|targets: \[)([a-z]+):(\d+)/g)];
    const others = named.filter(([, host]) => host !== 'localhost');
    expect(others.map(([, host, port]) => `${host}:${port}`).sort()).toEqual([
      'collector:8888',
      'collector:8889',
      'jaeger:4318',
      'prometheus:9090',
    ]);
    const names = services.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(others.map(([, host = '']) => host)));
  });

  test('runs the Collector that is tested', () => {
    const version = /^ {2}version: (\S+)$/m.exec(
      readRepositoryFile('test/support/collector-manifest.yaml'),
    )?.[1];
    for (const name of ['collector', 'gateway', 'sampler-1', 'sampler-2']) {
      const image = model.services[name]?.image?.replace(/@.*/, '');
      expect(image).toBe(`otel/opentelemetry-collector-contrib:${version}`);
    }
  });

  test.each(['docs/getting-started.md', 'docs/collector.md', 'docs/scale.md'])(
    'has the services that %s names',
    (page) => {
      const commands = [...readRepositoryFile(page).matchAll(/docker compose (.+)/g)];
      const profiles = services.flatMap(([, service]) => service.profiles ?? []);
      for (const [, line = ''] of commands) {
        const words = line
          .replace(/[`#].*/, '')
          .trim()
          .split(/\s+/);
        const verb = words.findIndex((word) => VERB.test(word));
        expect(verb, line).toBeGreaterThan(0);
        for (let i = 0; i < verb; i += 2) {
          const value = words[i + 1] ?? '';
          if (words[i] === '-f') expect(existsSync(join(root, value)), value).toBe(true);
          else expect([words[i], profiles]).toEqual(['--profile', expect.arrayContaining([value])]);
        }
        const operands = words.slice(verb + 1).filter((word) => !/^(-.*|USR2)$/.test(word));
        // Of these the first is a service, and the rest what runs in it.
        const asked = words[verb] === 'exec' ? operands.slice(0, 1) : operands;
        expect(services.map(([name]) => name)).toEqual(expect.arrayContaining(asked));
      }
    },
  );
}

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { type InstallResult, installOnce } from './install-once.ts';
import { readRepositoryFile } from './repository-files.ts';

/** A Kafka broker on 127.0.0.1, with the topic of `deploy/kafka`. */
export interface Kafka extends AsyncDisposable {
  /** Value for `KAFKA_BROKERS`. */
  readonly brokers: string;
  readonly pid: number;
  /** Resolves to the number of messages that a consumer group has not read yet. */
  lag(group: string): Promise<number>;
  stop(): Promise<void>;
}

const CLUSTER_ID = 'b3RlbC1ob25vLXRlc3RzLQ';
const PARTITIONS = 12;
const pom = fileURLToPath(new URL('kafka/pom.xml', import.meta.url));

/** Installs Kafka from Maven Central, once: 54 MB. */
export function installKafka(): InstallResult {
  if (spawnSync('java', ['--version']).status !== 0) return { problem: 'Java is not installed' };
  return installOnce('kafka', readFileSync(pom, 'utf8'), () => [
    ['cp', pom, '.'],
    ['mvn', '-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'],
  ]);
}

/** Starts a broker with the configuration of `deploy/kafka`, except for its addresses and folder. */
export async function startKafka(): Promise<Kafka> {
  const installed = installKafka();
  if ('problem' in installed) throw new Error(installed.problem);
  const classPath = join(installed.folder, 'lib/*');
  const folder = mkdtempSync(join(tmpdir(), 'kafka-'));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const brokers = `127.0.0.1:${port}`;
  const properties = join(folder, 'server.properties');
  writeFileSync(
    properties,
    `${readRepositoryFile('deploy/kafka/server.properties')}
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://${brokers},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://${brokers}
log.dirs=${folder}/data
`,
  );

  const run = async (tool: string, ...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('java', [
      '-XX:TieredStopAtLevel=1',
      ...javaArguments(classPath, tool, args),
    ]);
    return stdout;
  };
  await run('kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties);
  const server = spawn('java', javaArguments(classPath, 'kafka.Kafka', [properties]), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = () => end(server, folder);
  try {
    // The tool waits for the broker.
    await Promise.race([
      run(
        'org.apache.kafka.tools.TopicCommand',
        ...['--bootstrap-server', brokers, '--create', '--topic', 'traces'],
        ...['--partitions', String(PARTITIONS)],
      ),
      failOnEnd(server),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    brokers: `[${brokers}]`,
    pid: server.pid ?? Number.NaN,
    async lag(group) {
      const table = await run(
        'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
        ...['--bootstrap-server', brokers, '--describe', '--group', group],
      );
      return readLag(table);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function javaArguments(classPath: string, main: string, args: readonly string[]): string[] {
  return [
    ...['-Xmx512m', '-Xshare:auto'],
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
    ...['-cp', classPath, main, ...args],
  ];
}

/** Sums the column LAG. Partitions without a committed offset have `-`: they are empty. */
function readLag(table: string): number {
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const header = rows.findIndex((cells) => cells.includes('LAG'));
  const column = rows[header]?.indexOf('LAG') ?? -1;
  if (column < 0) throw new Error(`There is no lag in ${table}`);
  return rows.slice(header + 1).reduce((sum, cells) => sum + (Number(cells[column]) || 0), 0);
}

async function failOnEnd(server: ChildProcess): Promise<never> {
  let output = '';
  server.stderr?.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  await once(server, 'close');
  throw new Error(`Kafka ended: ${output}`);
}

async function end(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const closed = once(server, 'close');
    // Its data is removed, so it need not be closed in order.
    server.kill('SIGKILL');
    await closed;
  }
  rmSync(folder, { recursive: true, force: true });
}

import { fileURLToPath } from 'node:url';
import type { SpawnOptions } from './app-command.ts';
import { type SpawnedApp, spawnApp } from './spawned-app.ts';

const entry = fileURLToPath(new URL('programs/talking-app.ts', import.meta.url));

/** Headers that the program would have sent to another service while it added a task. */
export interface Call {
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Timers that the program had started by then. */
  readonly timers: number;
}

/** The program that runs in `talking-app.ts`, whose stdout must be left to it. */
export interface TalkingApp extends SpawnedApp {
  /** Adds a task, and waits for what it calls when its title begins with `call`. */
  call(title: string, headers?: Record<string, string>, query?: string): Promise<Call>;
}

export async function spawnTalkingApp(options: SpawnOptions): Promise<TalkingApp> {
  const app = await spawnApp({ ...options, entry });
  const find = (title: string) =>
    app.stdout
      .split('\n')
      .slice(0, -1)
      .map((line): Call => JSON.parse(line))
      .find((call) => call.title === title);
  return Object.assign(app, {
    async call(title: string, headers?: Record<string, string>, query?: string) {
      await addTask(app, title, headers, query);
      await app.waitFor(() => find(title) !== undefined);
      return find(title) as Call;
    },
  });
}

export function addTask(
  app: Pick<SpawnedApp, 'url'>,
  title: string,
  headers: Record<string, string> = {},
  query = '',
): Promise<Response> {
  const body = new URLSearchParams({ task: title });
  return fetch(`${app.url}/add${query}`, { method: 'POST', headers, body, redirect: 'manual' });
}

import { beforeEach, describe, expect, test } from 'vitest';
import { traceHttp } from '../../../../packages/hono-opentelemetry/src/index.ts';
import { createApp } from '../../../../src/app.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';
import { postForm } from '../../../support/post-form.ts';
import { recordTelemetry } from '../../../support/recorded-telemetry.ts';
import { useContext } from '../../../support/use-context.ts';

useContext();

let store: ReturnType<typeof createMemoryTaskStore>;
let app: ReturnType<typeof createApp>;
beforeEach(() => {
  store = createMemoryTaskStore();
  app = createApp({ store, demo: {} });
});

async function open(path: string, accepted?: string): Promise<string> {
  const headers: HeadersInit = accepted === undefined ? {} : { 'Accept-Language': accepted };
  const response = await app.request(path, { headers });
  expect(response.headers.get('Vary')).toBe('Accept-Language');
  return response.text();
}

const languageOf = (page: string) => /<html lang="(\w+)">/.exec(page)?.[1];

/** Returns the addresses of the page's own links and forms, without those to the other languages. */
function addressesOf(page: string): string[] {
  const own = page
    .replace(/<nav id="languages"[\s\S]*?<\/nav>/, '')
    .replace(/<head>[\s\S]*<\/head>/, '');
  return [...own.matchAll(/(?:href|action)="([^"]+)"/g)].map(([, address = '']) => address);
}

describe('the language of a page', () => {
  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['fr', 'fr'],
    ['FR-ca', 'fr'],
    ['hi-IN,hi;q=0.9,en;q=0.8', 'hi'],
    ['de,fr;q=0.5,hi;q=0.8', 'hi'],
    ['fr;q=0,hi;q=0.1', 'hi'],
    ['de', 'en'],
    ['*', 'en'],
    ['french', 'en'],
    ['constructor,__proto__', 'en'],
    [';;,,=q', 'en'],
    [`${'de,'.repeat(1_000)}fr`, 'fr'],
  ])('Accept-Language "%.40s" gets %s', async (accepted, language) => {
    // The second response comes from the cache.
    expect(languageOf(await open('/', accepted))).toBe(language);
    expect(languageOf(await open('/', accepted))).toBe(language);
  });

  test.each([
    ['/?lang=fr', 'fr'],
    ['/?lang=en', 'en'],
    ['/?lang=fr&lang=en', 'fr'],
    ['/?lang=FR', 'hi'],
    ['/?lang=de', 'hi'],
    ['/?lang=', 'hi'],
    ['/?lang=toString', 'hi'],
  ])('%s is in %s if the client accepts Hindi', async (path, language) => {
    expect(languageOf(await open(path, 'hi'))).toBe(language);
  });

  test('all links and forms keep a chosen language, and none has one by itself', async () => {
    for (let n = 0; n < 201; n += 1) await store.add({ title: `${n}` });
    await store.update(1, { completed: true });
    for (const path of [
      '/',
      '/?show=active&added=9.9',
      '/?removed=7',
      '/edit/2',
      '/demo',
      '/nix',
    ]) {
      const chosen = addressesOf(await open(`${path}${path.includes('?') ? '&' : '?'}lang=hi`));
      expect(chosen.length).toBeGreaterThan(0);
      expect(chosen.filter((address) => !/[?;]lang=hi(?:#|$)/.test(address))).toEqual(
        // A link within the page.
        chosen.filter((address) => address.startsWith('#')),
      );
      expect((await open(path, 'hi')).match(/lang=hi/g)).toHaveLength(1);
    }
  });

  test('a page in English is in ASCII, which is encoded fastest', async () => {
    expect(await open('/')).toMatch(/^[ -~\n]*$/);
    expect(await open('/')).toContain('>&#2361;&#2367;&#2344;&#2381;&#2342;&#2368;</a>');
  });

  test('redirects keep a chosen language', async () => {
    const { id } = await store.add({ title: 'milk' });
    for (const path of ['/add', `/complete/${id}`, `/edit/${id}`, `/move/${id}`, '/complete-all']) {
      const response = await postForm(app, `${path}?show=active&lang=fr`, { task: 'x', to: 'up' });
      expect(response.status).toBe(303);
      expect(response.headers.get('Location')).toMatch(/^\/\?show=active(?:&.*)?&lang=fr(?:#|$)/);
    }
  });

  test.each([
    ['/', '/?lang='],
    ['/?show=active&lang=fr', '/?show=active&amp;lang='],
    ['/edit/1?lang=fr', '/edit/1?lang='],
    ['/demo?lang=fr', '/demo?lang='],
    ['/nix/nix?lang=fr', '?lang='],
    ['//evil.example/%2e%2e', '?lang='],
  ])('%s links to itself in each language', async (path, start) => {
    await store.add({ title: 'milk' });
    const [links = ''] = /<nav id="languages"[\s\S]*?<\/nav>/.exec(await open(path)) ?? [];
    const addresses = [...links.matchAll(/href="([^"]+)" hreflang="(\w+)" lang="\2"/g)];
    expect(addresses.map(([, address]) => address)).toEqual(
      ['en', 'fr', 'hi'].map((language) => start + language),
    );
    expect(links.match(/aria-current/g)).toHaveLength(1);
  });

  test('the page of a refused form links to the list, because its address has no page', async () => {
    const response = await postForm(app, '/demo/error?lang=fr');
    expect(await response.text()).toContain('href="/demo?lang=hi"');
    const refused = await postForm(app, '/add?show=active&lang=fr', { task: ' ' });
    expect(await refused.text()).toContain('href="/?show=active&amp;lang=hi"');
    const wrong = await app.request('/add?lang=fr', { method: 'POST', body: 'task' });
    expect(await wrong.text()).toContain('href="/?lang=hi"');
  });
});

describe('texts in the language of the page', () => {
  test.each([
    ['fr', 'Saisissez d’abord une tâche.', 'Cette tâche n’existe plus', 'Page introuvable'],
    ['hi', 'पहले कोई काम लिखें।', 'यह काम अब नहीं है', 'पेज नहीं मिला'],
  ])('reasons, notices and errors are in %s', async (language, reason, notice, error) => {
    const headers = { 'Accept-Language': language };
    const refused = await postForm(app, '/add', { task: ' ' }, headers);
    expect(await refused.text()).toContain(reason);
    const gone = await postForm(app, '/complete/99', {}, headers);
    expect(await gone.text()).toContain(notice);
    expect(await open('/nix', language)).toContain(error);
  });

  test('the name of a task is quoted as the language does, and isolated', async () => {
    const { id } = await store.add({ title: 'חלב' });
    const fields = { task: 'lait', version: '99', seen: 'old' };
    const response = await postForm(app, `/edit/${id}?lang=fr`, fields);
    expect(await response.text()).toContain('«\u00a0\u2068חלב\u2069\u00a0»');
  });

  test('the API and its problem details stay in English', async () => {
    const headers = { 'Accept-Language': 'fr', 'Content-Type': 'application/json' };
    const body = JSON.stringify({ title: ' ' });
    const refused = await app.request('/api/tasks?lang=fr', { method: 'POST', headers, body });
    expect(await refused.json()).toMatchObject({
      title: 'Unprocessable Content',
      errors: [{ pointer: '/title', detail: 'Enter a task first.' }],
    });
    const unknown = await app.request('/api/nix', { headers });
    expect(unknown.headers.get('Vary')).toBe(null);
    expect(await unknown.json()).toMatchObject({ detail: 'There is nothing at this address.' });
  });

  test('no name and no attribute of a span or a metric contains the language', async () => {
    const telemetry = recordTelemetry();
    app = createApp({ store, trace: traceHttp({ ...telemetry, traceResponse: true }) });
    expect(await open('/', 'hi')).toContain('0 SQL statements');
    const [span] = telemetry.spans();
    expect(span?.name).toBe('GET /');
    const points = await telemetry.points('http.server.request.duration');
    const attributes = [span, ...points].map((each) => each?.attributes);
    expect(JSON.stringify(attributes)).not.toMatch(/\bhi\b|accept.language/i);
  });
});

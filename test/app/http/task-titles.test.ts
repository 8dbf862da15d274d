import { beforeEach, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { postForm } from '../../support/post-form.ts';

let app: ReturnType<typeof createApp>;

beforeEach(() => {
  app = createApp({ store: createMemoryTaskStore() });
});

async function pageWith(title: string): Promise<string> {
  await postForm(app, '/add', { task: title });
  return (await app.request('/')).text();
}

test.each([
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus='alert(1)",
  '</span></li><style>*{display:none}</style>',
])('the page shows the title %s as text only', async (title) => {
  const html = await pageWith(title);
  expect(html).not.toContain(title);
  expect(html.replace(/<script type="module" src="[^"]+">/, '')).not.toMatch(
    /<(script|img|style)\b/,
  );
  expect(html).not.toMatch(/<span dir="auto">[^<]*["'][^<]*<\/span>/);
  const shown = /<span dir="auto">([^<]*)<\/span>/.exec(html)?.[1] ?? '';
  expect(textOf(shown)).toBe(title);
});

test.each(['javascript:alert(1)', '\u202Egnp.exe', 'zero\u200Bwidth', 'حليب', '🥖👩‍👩‍👧'])(
  'the page shows the title %j unchanged',
  async (title) => {
    expect(await pageWith(title)).toContain(`<span dir="auto">${title}</span>`);
  },
);

function textOf(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

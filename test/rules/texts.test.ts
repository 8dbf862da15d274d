import { expect, test } from 'vitest';
import { readFolder } from '../support/repository-files.ts';
import { textBreaches } from './text-rules.ts';

test.each(['pages', 'layout', 'errors', 'demo', 'middleware'])(
  'src/http/%s takes its texts from the catalogs',
  (folder) => {
    const files = readFolder(`src/http/${folder}`).filter(
      ({ path }) => !path.endsWith('/assets.generated.ts'),
    );
    expect(files.flatMap(textBreaches)).toEqual([]);
  },
);

test.each([
  "const title = 'Nothing to do';",
  'const page = `<p>Hello</p>`;',
  'const page = `<p>${count} tasks</p>`;',
  'const row = `<a href="/edit/${id}" aria-label="Edit ${title}"></a>`;',
  'const link = `${url}">Next</a>`;',
  'const text = `The list has ${count} tasks.`;',
])('textBreaches() catches %s', (text) => {
  expect(textBreaches({ path: 'a.ts', text })).toHaveLength(1);
});

test.each([
  "throw new Error('The form has too many fields.');",
  "const type = 'text/html; charset=utf-8';",
  'const row = `<a href="/edit/${id}" aria-label="${texts.edit(title)}">${name}</a>`;',
  "// A comment\nconst name = 'aria-current';",
])('textBreaches() allows %s', (text) => {
  expect(textBreaches({ path: 'a.ts', text })).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Marked, marked, type Token } from 'marked';
import {
  chapters,
  fileUrl,
  inLanguage,
  type Language,
  readText,
  resolveLink,
} from './languages.ts';
import { lengths, type Part, readSchedule } from './schedule.ts';
import { type Slide, splitSlides } from './split-slides.ts';

/** Finds the files for a `<script>`, which are those of CommonJS. */
const require = createRequire(import.meta.url);
const TYPES: Readonly<Record<string, string>> = { svg: 'image/svg+xml', png: 'image/png' };

/** Returns the slides of the talk as one HTML file that needs no other file. */
export function renderSlides(language: Language): string {
  const [first, abstract] = splitSlides(readText(inLanguage('docs/talk/README.md', language)));
  const title = first?.title ?? '';
  const notes = marked.parser([...(abstract?.content ?? []), ...(abstract?.notes ?? [])]);
  const schedule = readSchedule(language);
  const sections = chapters.map((page) => renderChapter(page, language, schedule));
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${readFile(require.resolve('reveal.js/reveal.css'))}</style>
<style>${withoutFonts(readFile(require.resolve('reveal.js/theme/white.css')))}</style>
<style>${readText('docs/talk/slides.css')}</style>
</head>
<body>
<div class="reveal"><div class="slides">
<section><h1>${title}</h1><p>Node · Bun · Deno</p><aside class="notes">${notes}</aside></section>
${sections.join('\n')}
</div></div>
<script>${readFile(require.resolve('reveal.js'))}</script>
<script>${readFile(require.resolve('reveal.js/plugin/notes'))}</script>
<script>
const minutes = new URLSearchParams(location.search).get('minutes') ?? '';
for (const slide of document.querySelectorAll('[data-minutes]')) {
  if (minutes && !slide.dataset.minutes.split(' ').includes(minutes)) slide.remove();
}
Reveal.initialize({ hash: true, slideNumber: 'c/t', width: 1280, height: 720, margin: 0.05, transition: 'none', pdfSeparateFragments: false, plugins: [RevealNotes] });
</script>
</body>
</html>
`;
}

/** Renders the slides of a chapter. They are below each other, so the arrow to the right skips to the next chapter. */
function renderChapter(chapter: string, language: Language, schedule: readonly Part[]): string {
  const page = inLanguage(chapter, language);
  const [number] = /\d+/.exec(chapter) ?? [];
  const names = splitSlides(readText(chapter)).map(
    ({ section, title }) => [section, `${number}: ${title}`] as const,
  );
  const nameOf = new Map(names);
  const inChapter = schedule.filter(({ sections }) =>
    sections.some((name) => name.startsWith(`${number}: `)),
  );
  const renderer = new Marked({
    renderer: {
      code: ({ text, lang = '', file }: { text: string; lang?: string; file?: string }) =>
        `${file ? `<p class="file">${file}</p>` : ''}<pre class="${lang}"><code>${renderCode(text, lang)}</code></pre>`,
      html: ({ text }) => inlinePictures(page, text),
      // Files of the repository are not next to the slides.
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        return /^https?:/.test(href) ? `<a href="${href}">${text}</a>` : text;
      },
    },
  });
  const render = (tokens: readonly Token[]) => renderer.parser([...tokens]);
  const slides = splitSlides(readText(page)).map(
    ({ title, section, isChapter, content, notes }: Slide) => {
      const parts = schedule.filter(({ sections }) => sections.includes(nameOf.get(section) ?? ''));
      const heading = renderer.parseInline(title);
      const [level, look] = isChapter ? ['h1', ' class="chapter"'] : ['h2', ''];
      const marks = parts.map(
        ({ length, minutes, what }) => `**${length} min: ${minutes}** ${what}\n\n`,
      );
      const aside = `<aside class="notes">${renderer.parse(marks.join(''))}${render(notes)}</aside>`;
      return `<section${look} ${minutesOf(isChapter ? inChapter : parts)}><${level}>${heading}</${level}>\n${render(content)}${aside}</section>`;
    },
  );
  return `<section ${minutesOf(inChapter)}>\n${slides.join('\n')}\n</section>`;
}

/** Returns an attribute with the lengths of the talk that have one of the parts. */
function minutesOf(parts: readonly Part[]): string {
  const found = lengths.filter((each) => parts.some(({ length }) => length === each));
  return `data-minutes="${found.join(' ')}"`;
}

/** Marks the added and the removed lines of a diff. */
function renderCode(code: string, language: string): string {
  return code
    .split('\n')
    .map((line) => {
      const shown = escapeHtml(line);
      if (language !== 'diff' || !/^[+-]/.test(line)) return shown;
      return line.startsWith('+') ? `<ins>${shown}</ins>` : `<del>${shown}</del>`;
    })
    .join('\n');
}

/** A slide is scaled as a whole, so it does not need the drawings for narrow screens. */
const NARROW_SOURCE = /<source media="\(max-width[^>]*>\n/g;

function inlinePictures(page: string, html: string): string {
  return html
    .replaceAll(NARROW_SOURCE, '')
    .replaceAll(/(src|srcset)="([^"]+)"/g, (_, attribute: string, file: string) => {
      const [, type = ''] = /\.(\w+)$/.exec(file) ?? [];
      const bytes = readFileSync(fileUrl(resolveLink(page, file)));
      return `${attribute}="data:${TYPES[type]};base64,${bytes.toString('base64')}"`;
    });
}

function readFile(path: string): string {
  return readFileSync(path, 'utf8');
}

/** Removes the fonts of a theme: those of the system have all scripts. */
function withoutFonts(css: string): string {
  return css.replaceAll(/@font-face\{[^}]*\}/g, '');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

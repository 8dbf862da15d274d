import { type ESTree, parseSync, Visitor } from 'rolldown/utils';
import type { RepositoryFile } from '../support/repository-files.ts';

/** An attribute whose value users read or hear. */
const LABEL = /\b(?:aria-label|title|placeholder|alt)="[^"]*[A-Za-z]{2}/;
const SENTENCE = /\b[A-Z][a-z]+ [a-z]+|[a-z]{2} [a-z]{2,} [a-z]{2}/;

/** Finds texts for users in the code of the pages. They belong to the catalogs in src/http/texts. */
export function textBreaches({ path, text }: RepositoryFile): string[] {
  const breaches: string[] = [];
  const internal = new Set<number>();
  function check(written: string, start: number): void {
    const isHtml = written.includes('<') || written.includes('">');
    const shown = isHtml ? withoutTags(written) : '';
    if (internal.has(start)) return;
    if (/[A-Za-z]{2}/.test(shown) || LABEL.test(written) || (!isHtml && SENTENCE.test(written))) {
      breaches.push(`${path} contains "${written.replaceAll('\n', ' ').slice(0, 60)}"`);
    }
  }
  new Visitor({
    // Messages of exceptions are not shown.
    NewExpression({ callee, arguments: [message] }: ESTree.NewExpression) {
      if (callee.type === 'Identifier' && callee.name.endsWith('Error') && message) {
        internal.add(message.start);
      }
    },
    Literal({ value, start }) {
      if (typeof value === 'string') check(value, start);
    },
    TemplateLiteral({ quasis, start }) {
      check(quasis.map(({ value }) => value.cooked).join('#'), start);
    },
  }).visit(parseSync(path, text).program);
  return breaches;
}

function withoutTags(html: string): string {
  return html
    .replace(/^[^<>]*>/, '')
    .replaceAll(/<[^>]*>/g, '')
    .replace(/<[^>]*$/, '');
}

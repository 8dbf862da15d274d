/** What can be shown: where to, the button's text, and what becomes of it. */
export const DEMOS = [
  ['slow-query', 'Slow query', 'A statement waits 1 s for a lock.'],
  ['error', 'Error', 'A handler throws.'],
  ['n-plus-one', 'N+1 queries', 'One statement for the list, one more for each task.'],
  ['burst', 'Burst', '20 requests at once.'],
] as const;

/** Buttons for all demonstrations, as a `<section>`: for pages of an app whose `demo` is on. */
export function renderDemoPanel(): string {
  const rows = DEMOS.map(
    ([path, name, text]) =>
      `<li><form method="post" action="/demo/${path}"><button>${name}</button> <span>${text}</span></form></li>\n`,
  );
  return `<section id="demo" aria-labelledby="demo-title">
<h2 id="demo-title">Make a trace</h2>
<ul role="list">
${rows.join('')}</ul>
</section>`;
}

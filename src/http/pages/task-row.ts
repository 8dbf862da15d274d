import type { Task } from '../../tasks/index.ts';
import { escapeHtml } from '../layout/index.ts';

/**
 * Renders the rows of the list: checkbox, title, edit link and delete button of each task.
 * @param query of the shown part of the list, as HTML
 */
export function renderTaskRows(tasks: readonly Task[], query: string): string {
  let rows = '';
  for (const { id, title, completed, version } of tasks) {
    const text = escapeHtml(title);
    const [change, state] = completed ? ['reopen', 'true'] : ['complete', 'false'];
    rows += `<li id="task-${id}" data-version="${version}">
<button formaction="/${change}/${id}${query}" role="checkbox" aria-checked="${state}" aria-label="${text}"></button>
<span dir="auto">${text}</span>
<a href="/edit/${id}${query}" aria-label="Edit ${text}"></a>
<button formaction="/delete/${id}${query}" aria-label="Delete ${text}"></button>
</li>
`;
  }
  return rows;
}

import type { Task } from '../tasks/task.ts';
import { escapeHtml, renderPage } from './page.ts';

/** A title that was refused: what to say about it, and what was typed. */
export interface RefusedTitle {
  readonly message: string;
  readonly input: string;
}

/** The whole list with its form; plain strings, because nested templates cost 20 us a page. */
export function renderTaskListPage(tasks: readonly Task[], refused?: RefusedTitle): string {
  return renderPage(
    'To-Do List',
    `<header>
<h1>To-Do List</h1>
<p>${tasks.length === 1 ? '1 task' : `${tasks.length} tasks`}</p>
</header>
${renderForm(refused)}
${tasks.length === 0 ? EMPTY_STATE : `<ul role="list">\n${renderRows(tasks)}</ul>`}`,
  );
}

const EMPTY_STATE =
  '<p class="empty">Nothing to do. Enjoy it, or write down the first thing that comes to mind.</p>';

// No maxlength: it counts UTF-16 units, where a title's limit counts characters, and cuts silently.
function renderForm(refused: RefusedTitle | undefined): string {
  const state = refused
    ? ` value="${escapeHtml(refused.input)}" aria-invalid="true" aria-describedby="refusal"`
    : '';
  const refusal = refused
    ? `\n<p id="refusal" class="refusal" role="alert">${escapeHtml(refused.message)}</p>`
    : '';
  return `<form method="post" action="/add" class="add">
<label for="task">New task</label>
<input id="task" name="task" required autofocus autocomplete="off" dir="auto"${state}>
<button>Add</button>${refusal}
</form>`;
}

function renderRows(tasks: readonly Task[]): string {
  let rows = '';
  for (const { id, title } of tasks) {
    const text = escapeHtml(title);
    rows += `<li>
<span dir="auto">${text}</span>
<form method="post" action="/delete/${id}"><button aria-label="Delete ${text}">Delete</button></form>
</li>
`;
  }
  return rows;
}

import type { Task } from '../../tasks/task.ts';
import type { TaskCounts } from '../../tasks/task-store.ts';
import { type ListView, listQuery } from './list-view.ts';
import { escapeHtml, type PageTelemetry, renderPage } from './page.ts';
import type { TaskList } from './read-task-list.ts';

/** What a page tells beyond the list itself. */
export interface ListMessage {
  /** Above the list: what has become of a change. */
  readonly notice?: string | undefined;
  /** A title that was not taken: why, and what was typed, which stays in the form. */
  readonly refused?: { readonly message: string; readonly input: string | undefined } | undefined;
}

/** A page of the list with its forms; plain strings, because nested templates cost 20 us a page. */
export function renderTaskListPage(
  list: TaskList,
  { notice, refused }: ListMessage = {},
  telemetry?: PageTelemetry,
): string {
  const { view, counts } = list;
  const query = escapeHtml(listQuery(view));
  const name = view.show === 'all' ? '' : `${LABELS[view.show]} · `;
  const isEmpty = counts.active + counts.completed === 0;
  return renderPage(
    `${name}To-Do List`,
    `<header>
<h1>To-Do List</h1>
<p id="left">${tasksLeft(counts.active)}</p>
</header>
${notice ? `<p id="notice" class="notice" dir="auto">${escapeHtml(notice)}</p>\n` : ''}${renderForm(query, refused)}
${isEmpty ? `<p id="empty" class="empty">${NO_TASKS}</p>` : renderList(list, query)}`,
    telemetry,
  );
}

const LABELS = { all: 'All', active: 'Active', completed: 'Completed' };

const NO_TASKS = 'Nothing to do. Enjoy it, or write down the first thing that comes to mind.';

const NONE_HERE = {
  all: 'No more tasks here.',
  active: 'Nothing left to do here. Well done.',
  completed: 'Nothing completed yet. The first tick is the best one.',
};

function tasksLeft(count: number): string {
  return count === 1 ? '1 task left' : `${count} tasks left`;
}

// No maxlength: it counts UTF-16 units, where a title's limit counts characters, and cuts silently.
function renderForm(query: string, refused: ListMessage['refused']): string {
  const state = refused
    ? ` value="${escapeHtml(refused.input ?? '')}" aria-invalid="true" aria-describedby="refusal"`
    : '';
  const refusal = refused
    ? `\n<p id="refusal" class="refusal" role="alert">${escapeHtml(refused.message)}</p>`
    : '';
  return `<form method="post" action="/add${query}" class="add">
<label for="task">What needs to be done?</label>
<input id="task" name="task" required autofocus autocomplete="off" enterkeyhint="done" dir="auto"${state}>
<button>Add</button>${refusal}
</form>`;
}

function renderFilters({ show }: ListView, { active, completed }: TaskCounts): string {
  const link = (name: ListView['show'], count: number) =>
    `<a href="/${listQuery({ show: name })}"${name === show ? ' aria-current="page"' : ''}>${LABELS[name]} <span>${count}</span></a>\n`;
  return `<nav id="filters" aria-label="Tasks to show">
${link('all', active + completed)}${link('active', active)}${link('completed', completed)}</nav>`;
}

/** One form for all buttons, each of which has its own action. */
function renderList(list: TaskList, query: string): string {
  const { view, tasks, counts } = list;
  return `${renderFilters(view, counts)}
<form method="post" id="tasks">
${tasks.length === 0 ? `<p id="empty" class="empty">${NONE_HERE[view.show]}</p>` : `<ul id="list" role="list">\n${renderRows(tasks, query)}</ul>`}
${renderBulk(query, counts)}
</form>${renderPaging(list)}`;
}

function renderRows(tasks: readonly Task[], query: string): string {
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

function renderPaging({ view, tasks, hasMore }: TaskList): string {
  const last = tasks.at(-1);
  const link = (text: string, after: ListView['after']) =>
    `<a href="/${escapeHtml(listQuery({ show: view.show, after }))}">${text}</a>\n`;
  const first = view.after ? link('← First page', undefined) : '';
  const next = hasMore && last ? link('Next page →', { order: last.order, id: last.id }) : '';
  return first || next ? `\n<nav id="pages" aria-label="Pages">\n${first}${next}</nav>` : '';
}

function renderBulk(query: string, { active, completed }: TaskCounts): string {
  const [change, text] =
    active > 0 ? ['complete-all', 'Complete all'] : ['reopen-all', 'Reopen all'];
  const clear =
    completed > 0
      ? `\n<button id="clear" formaction="/delete-completed${query}">Clear completed</button>`
      : '';
  return `<p id="bulk">
<button id="all" formaction="/${change}${query}">${text}</button>${clear}
</p>`;
}

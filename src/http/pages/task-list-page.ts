import type { TaskCounts } from '../../tasks/index.ts';
import { escapeHtml, type PageTelemetry, renderPage } from '../layout/index.ts';
import { type ListView, listQuery } from './list-view.ts';
import type { TaskList } from './read-task-list.ts';
import { renderTaskRows } from './task-row.ts';

/** Messages on a page of the list. */
export interface ListMessage {
  /** Outcome of a change, shown above the list. */
  readonly notice?: string | undefined;
  /** An invalid title: the reason, and the input, which stays in the form. */
  readonly refused?: { readonly message: string; readonly input: string | undefined } | undefined;
}

/** Renders a page of the list. Plain strings, because nested templates cost 20 us per page. */
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

// No maxlength: it counts UTF-16 units instead of characters, and truncates silently.
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

/** Renders one form for all buttons; each button has its own action. */
function renderList(list: TaskList, query: string): string {
  const { view, tasks, counts } = list;
  return `${renderFilters(view, counts)}
<form method="post" id="tasks">
${tasks.length === 0 ? `<p id="empty" class="empty">${NONE_HERE[view.show]}</p>` : `<ul id="list" role="list">\n${renderTaskRows(tasks, query)}</ul>`}
${renderBulk(query, counts)}
</form>${renderPaging(list)}`;
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

import type { Task, TaskCounts } from '../../tasks/index.ts';
import { escapeHtml, type PageContext, renderPage } from '../layout/index.ts';
import type { Texts } from '../texts/index.ts';
import { formatRemoved, type ListChange, type ListView, listQuery } from './list-view.ts';
import type { TaskList } from './read-task-list.ts';

/** Messages on a page of the list. */
export interface ListMessage extends ListChange {
  /** Outcome of a change, shown above the list. */
  readonly notice?: string | undefined;
  /** An invalid title: the reason, and the input, which stays in the form. */
  readonly refused?: { readonly message: string; readonly input: string | undefined } | undefined;
}

/** Renders a page of the list. Plain strings, because nested templates cost 20 us per page. */
export function renderTaskListPage(
  list: TaskList,
  { notice, refused, added, removed }: ListMessage,
  context: PageContext,
): string {
  const { texts } = context;
  const { view, counts } = list;
  const query = escapeHtml(listQuery(view));
  const isEmpty = counts.active + counts.completed === 0;
  return renderPage(
    view.show === 'all' ? '' : texts.list.show[view.show],
    `<header>
<h1>${texts.appName}</h1>
<p id="left">${texts.list.left(counts.active)}</p>
</header>
${notice ? `<p id="notice" class="notice" dir="auto">${escapeHtml(notice)}</p>\n` : ''}${renderForm(texts, query, refused)}
${isEmpty ? `<p id="empty" class="empty">${texts.list.noTasks}</p>` : renderList(texts, list, query)}${renderAdded(texts, list, added)}${renderUndo(texts, query, removed)}`,
    context,
    `/${view.language ? escapeHtml(listQuery({ ...view, language: undefined })) : query}`,
  );
}

/** Number of rows that a small screen shows. */
const ROWS_IN_SIGHT = 6;

// No maxlength: it counts UTF-16 units instead of characters, and truncates silently.
function renderForm(
  { list: texts }: Texts,
  query: string,
  refused: ListMessage['refused'],
): string {
  const state = refused
    ? ` value="${escapeHtml(refused.input ?? '')}" aria-invalid="true" aria-describedby="refusal"`
    : '';
  const refusal = refused
    ? `\n<p id="refusal" class="refusal" role="alert">${escapeHtml(refused.message)}</p>`
    : '';
  return `<form method="post" action="/add${query}" class="add">
<label for="task">${texts.field}</label>
<input id="task" name="task" required autofocus autocomplete="off" enterkeyhint="done" dir="auto"${state}>
<button>${texts.add}</button>${refusal}
</form>`;
}

function renderFilters(
  { list: texts, number }: Texts,
  { show, language }: ListView,
  { active, completed }: TaskCounts,
): string {
  const link = (name: ListView['show'], count: number) =>
    `<a href="/${escapeHtml(listQuery({ show: name, language }))}"${name === show ? ' aria-current="page"' : ''}>${texts.show[name]} <span>${number(count)}</span></a>\n`;
  return `<nav id="filters" aria-label="${texts.filters}">
${link('all', active + completed)}${link('active', active)}${link('completed', completed)}</nav>`;
}

/** Renders one form for all buttons; each button has its own action. */
function renderList(texts: Texts, list: TaskList, query: string): string {
  const { view, tasks, counts } = list;
  return `${renderFilters(texts, view, counts)}
<form method="post" id="tasks">
${tasks.length === 0 ? `<p id="empty" class="empty">${texts.list.noneHere[view.show]}</p>` : `<ul id="list" role="list">\n${renderTaskRows(texts, tasks, query)}</ul>`}
${renderBulk(texts, query, counts)}
</form>${renderPaging(texts, list)}`;
}

function renderPaging(
  { list: texts }: Texts,
  { view, tasks, hasPrevious, hasNext }: TaskList,
): string {
  const { show, language } = view;
  const link = (text: string, part: Pick<ListView, 'after' | 'before'>) =>
    `<a href="/${escapeHtml(listQuery({ show, language, ...part }))}">${text}</a>\n`;
  // A page without tasks has its own position.
  const first = tasks[0] ?? view.after;
  const last = tasks.at(-1);
  let links = view.after || view.before ? link(texts.firstPage, {}) : '';
  if (hasPrevious && first) links += link(texts.previousPage, { before: first });
  if (hasNext && last) links += link(texts.nextPage, { after: last });
  return links && `\n<nav id="pages" aria-label="${texts.pages}">\n${links}</nav>`;
}

/** Renders a link to a new task that may be out of sight. */
function renderAdded(
  { list: texts }: Texts,
  { view, tasks }: TaskList,
  added: ListChange['added'],
): string {
  const row = tasks.findIndex(({ id }) => id === added?.id);
  if (!added || (row >= 0 && row < ROWS_IN_SIGHT)) return '';
  // The page that ends with this task.
  const before = { order: added.order, id: added.id + 1 };
  const page =
    row >= 0
      ? ''
      : `/${escapeHtml(listQuery({ show: view.show, language: view.language, before }))}`;
  return `
<p id="added" class="change"><span>${texts.added}</span> <a href="${page}#task-${added.id}">${texts.showAdded}</a></p>`;
}

function renderUndo({ list: texts }: Texts, query: string, removed: ListChange['removed']): string {
  if (!removed) return '';
  return `
<form method="post" action="/restore/${formatRemoved(removed)}${query}" id="undo" class="change">
<span>${'id' in removed ? texts.taskDeleted : texts.completedDeleted}</span> <button>${texts.undo}</button>
</form>`;
}

function renderBulk(
  { list: texts }: Texts,
  query: string,
  { active, completed }: TaskCounts,
): string {
  const [change, text] =
    active > 0 ? ['complete-all', texts.completeAll] : ['reopen-all', texts.reopenAll];
  const clear =
    completed > 0
      ? `\n<button id="clear" formaction="/delete-completed${query}">${texts.clearCompleted}</button>`
      : '';
  return `<p id="bulk">
<button id="all" formaction="/${change}${query}">${text}</button>${clear}
</p>`;
}

/**
 * Renders the rows of the list: checkbox, title, edit link and delete button of each task.
 * @param query of the shown part of the list, as HTML
 */
function renderTaskRows({ list: texts }: Texts, tasks: readonly Task[], query: string): string {
  let rows = '';
  for (const { id, title, completed, version } of tasks) {
    const text = escapeHtml(title);
    const [change, state] = completed ? ['reopen', 'true'] : ['complete', 'false'];
    rows += `<li id="task-${id}" data-version="${version}">
<button formaction="/${change}/${id}${query}" role="checkbox" aria-checked="${state}" aria-label="${text}"></button>
<span dir="auto">${text}</span>
<a href="/edit/${id}${query}" aria-label="${texts.edit(text)}"></a>
<button formaction="/delete/${id}${query}" aria-label="${texts.delete(text)}"></button>
</li>
`;
  }
  return rows;
}

import { escapeHtml, type PageContext, renderPage } from '../layout/index.ts';
import { type ListView, listQuery } from './list-view.ts';

/** An invalid title: the reason, and the input. */
export interface RefusedEdit {
  readonly message: string;
  readonly input: string | undefined;
}

/** The parts of a task that its form shows. */
interface EditedTask {
  readonly id: number;
  readonly title: string;
  /** Undefined if the form was not sent by a page. */
  readonly version: number | undefined;
}

/** Renders a page with the form of one task, for browsers without script. */
export function renderEditPage(
  { id, title, version }: EditedTask,
  view: ListView,
  context: PageContext,
  refused?: RefusedEdit,
): string {
  const { list, edit, backToTasks } = context.texts;
  const query = escapeHtml(listQuery(view));
  const refusal = refused
    ? `\n<p id="refusal" class="refusal" role="alert" dir="auto">${escapeHtml(refused.message)}</p>`
    : '';
  return renderPage(
    edit.title,
    `<header>
<h1>${edit.title}</h1>
</header>
<form method="post" action="/edit/${id}${query}" class="add">
<label for="task">${list.field}</label>
<input id="task" name="task" autofocus autocomplete="off" enterkeyhint="done" dir="auto" value="${escapeHtml(refused?.input ?? title)}"${refused ? ' aria-invalid="true"' : ''} aria-describedby="${refused ? 'refusal hint' : 'hint'}">
<input type="hidden" name="version" value="${version ?? ''}">
<input type="hidden" name="seen" value="${escapeHtml(title)}">
<button>${edit.save}</button>${refusal}
<p id="hint" class="hint">${edit.hint}</p>
</form>
<form method="post" action="/move/${id}${query}" id="move">
<button name="to" value="up">${edit.moveUp}</button>
<button name="to" value="down">${edit.moveDown}</button>
</form>
<p><a href="/${query}#task-${id}">${backToTasks}</a></p>`,
    context,
    `/edit/${id}${escapeHtml(listQuery({ ...view, language: undefined }))}`,
  );
}

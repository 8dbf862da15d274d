import { type ListView, listQuery } from './list-view.ts';
import { escapeHtml, type PageTelemetry, renderPage } from './page.ts';

/** A text that was not taken: why, and what was typed. */
export interface RefusedEdit {
  readonly message: string;
  readonly input: string | undefined;
}

/** What of a task its form is made from. */
interface EditedTask {
  readonly id: number;
  readonly title: string;
  /** Unknown where the form came from no page. */
  readonly version: number | undefined;
}

/** One task in a form of its own, for browsers that edit no task in its place. */
export function renderEditPage(
  { id, title, version }: EditedTask,
  view: ListView,
  telemetry: PageTelemetry,
  refused?: RefusedEdit,
): string {
  const query = escapeHtml(listQuery(view));
  const refusal = refused
    ? `\n<p id="refusal" class="refusal" role="alert" dir="auto">${escapeHtml(refused.message)}</p>`
    : '';
  return renderPage(
    'Edit a task · To-Do List',
    `<header>
<h1>Edit a task</h1>
</header>
<form method="post" action="/edit/${id}${query}" class="add">
<label for="task">What needs to be done?</label>
<input id="task" name="task" autofocus autocomplete="off" enterkeyhint="done" dir="auto" value="${escapeHtml(refused?.input ?? title)}"${refused ? ' aria-invalid="true"' : ''} aria-describedby="${refused ? 'refusal hint' : 'hint'}">
<input type="hidden" name="version" value="${version ?? ''}">
<input type="hidden" name="seen" value="${escapeHtml(title)}">
<button>Save</button>${refusal}
<p id="hint" class="hint">Saved without a text, the task is deleted.</p>
</form>
<p><a href="/${query}#task-${id}">Back to the tasks</a></p>`,
    telemetry,
  );
}

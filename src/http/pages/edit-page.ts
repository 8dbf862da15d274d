import { escapeHtml, type PageTelemetry, renderPage } from '../layout/index.ts';
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
<p id="hint" class="hint">Saving an empty title deletes the task.</p>
</form>
<p><a href="/${query}#task-${id}">Back to the tasks</a></p>`,
    telemetry,
  );
}

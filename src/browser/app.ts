import { showCopyButton } from './copy-trace.ts';
import { editInPlace } from './edit-in-place.ts';
import { clearRefusal } from './failure.ts';
import { loadTelemetry } from './load-telemetry.ts';
import { moveTasks } from './move-task.ts';
import { showList } from './show-list.ts';
import { describeKeys } from './show-page.ts';
import { submitForm } from './submit-form.ts';

// The pages work without script. On the list, script saves reloads and edits tasks in place.
if (document.getElementById('left')) {
  document.addEventListener('submit', (event) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    event.preventDefault();
    void submitForm(event.target, event.submitter);
  });

  document.addEventListener('click', (event) => {
    // The second press of a double click would delete the next task, which has moved up.
    const button = event.target instanceof Element && event.target.closest('button');
    if (event.detail > 1 && button && /\/delete\//.test(button.getAttribute('formaction') ?? '')) {
      event.preventDefault();
      return;
    }
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const link = event.target instanceof Element && event.target.closest('a');
    if (!isPlain || !link) return;
    const row = link.closest('li');
    if (row) editInPlace(row);
    else if (link.closest('#filters')) void showList(link.href);
    else return;
    event.preventDefault();
  });

  document.addEventListener('dblclick', ({ target }) => {
    const row = target instanceof Element && target.closest('li > span')?.closest('li');
    if (row) editInPlace(row);
  });

  document.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement) clearRefusal(target);
  });

  moveTasks();
  describeKeys();

  // After the first paint: rows that the page was loaded with must not fade in.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.documentElement.classList.add('live')),
  );
}

showCopyButton();
loadTelemetry();

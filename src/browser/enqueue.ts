import { showTrace } from './copy-trace.ts';
import { clearFailures } from './failure.ts';
import { type Action, type ActionResult, send } from './send.ts';
import { showPage } from './show-page.ts';

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;
let latest: Document | undefined;
let slowTimer: ReturnType<typeof setTimeout> | undefined;
/** Delay before the page shows that it waits for the server. */
const SLOW_AFTER_MS = 400;

/**
 * Sends actions one after another, in the order of the user. The page is shown after the last: a
 * response in between does not contain the later actions that the page already shows.
 * @param onResult called before the page is shown, to revert what was applied optimistically
 */
export function enqueue(
  action: Action,
  onResult: (result: ActionResult) => void,
): Promise<ActionResult> {
  waiting += 1;
  slowTimer ??= setTimeout(() => document.body.classList.add('slow'), SLOW_AFTER_MS);
  const result = last.then(async () => {
    const result = await send(action.method === 'POST' ? fromShownList(action) : action);
    waiting -= 1;
    if (waiting === 0) showResponded();
    if (result.page) {
      latest = result.page;
      clearFailures();
    }
    onResult(result);
    if (waiting === 0 && latest) {
      showPage(latest);
      latest = undefined;
    }
    if (result.other) showTrace(result.other);
    return result;
  });
  // A failed action does not stop the next.
  last = result.catch(() => {});
  return result;
}

/** Requests the part of the list that the page shows now, which may have changed since the action. */
function fromShownList(action: Action): Action {
  const url = new URL(action.url, location.href);
  url.search = location.search;
  return { ...action, url: url.href };
}

function showResponded(): void {
  clearTimeout(slowTimer);
  slowTimer = undefined;
  document.body.classList.remove('slow');
}

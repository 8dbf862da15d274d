import { showTrace } from './copy-trace.ts';
import { clearFailures } from './failure.ts';
import { type Action, type Answer, send } from './send.ts';
import { showPage } from './show-page.ts';

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;
let latest: Document | undefined;

/**
 * Sends actions one after another, so that the server sees them in the order in which they were
 * meant. The page is shown after the last: an answer in between knows nothing of what the page
 * shows already of those behind it.
 * @param answered is called before the page is shown, to take back what was shown in its place
 */
export function perform(action: Action, answered: (answer: Answer) => void): Promise<Answer> {
  waiting += 1;
  const answer = last.then(async () => {
    const answer = await send(action.method === 'POST' ? fromShownList(action) : action);
    waiting -= 1;
    if (answer.page) {
      latest = answer.page;
      clearFailures();
    }
    answered(answer);
    if (waiting === 0 && latest) {
      showPage(latest);
      latest = undefined;
    }
    if (answer.other) showTrace(answer.other);
    return answer;
  });
  // Whatever went wrong with one action, the next is sent.
  last = answer.catch(() => {});
  return answer;
}

/** The page may show another part of the list than when the action was meant; its answer shows this one. */
function fromShownList(action: Action): Action {
  const url = new URL(action.url, location.href);
  url.search = location.search;
  return { ...action, url: url.href };
}

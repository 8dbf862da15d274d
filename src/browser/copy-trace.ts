import { announce } from './announce.ts';
import { scriptTexts } from './texts/index.ts';

/** Shows a button that copies the trace ID, where pages may use the clipboard. */
export function showCopyButton(): void {
  const trace = traceOn(document);
  // Only pages from HTTPS or from this machine have a clipboard.
  if (!trace || !navigator.clipboard) return;
  const button = trace.querySelector('button') ?? createButton();
  const id = trace.querySelector('code');
  // A new page changes the text before the button, and not the button.
  if (id?.nextSibling !== button) id?.after(button);
  button.textContent = scriptTexts.copy;
}

/** Shows the trace of a response whose page is not shown. */
export function showTrace(response: Document): void {
  const [shown, fresh] = [traceOn(document), traceOn(response)];
  if (fresh) shown?.replaceWith(fresh);
  showCopyButton();
}

function traceOn(page: Document): Element | null | undefined {
  return page.querySelector('.trace > code')?.parentElement;
}

function createButton(): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.own = '';
  button.ariaLabel = scriptTexts.copyTrace;
  button.addEventListener('click', async () => {
    // The trace may have changed since the button was created.
    const id = button.parentElement?.querySelector('code')?.textContent ?? '';
    try {
      await navigator.clipboard.writeText(id);
      button.textContent = scriptTexts.copied;
      announce(scriptTexts.traceCopied);
    } catch {
      announce(scriptTexts.traceNotCopied);
    }
  });
  return button;
}

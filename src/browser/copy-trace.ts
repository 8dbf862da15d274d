import { announce } from './announce.ts';

/** Shows a button that copies the trace ID, where pages may use the clipboard. */
export function showCopyButton(): void {
  const trace = traceOn(document);
  // Only pages from HTTPS or from this machine have a clipboard.
  if (!trace || !navigator.clipboard) return;
  const button = trace.querySelector('button') ?? trace.appendChild(createButton());
  button.textContent = 'Copy';
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
  button.ariaLabel = 'Copy the trace ID';
  button.addEventListener('click', async () => {
    // The trace may have changed since the button was created.
    const id = button.parentElement?.querySelector('code')?.textContent ?? '';
    try {
      await navigator.clipboard.writeText(id);
      button.textContent = 'Copied';
      announce('Trace ID copied.');
    } catch {
      announce('The trace ID could not be copied.');
    }
  });
  return button;
}

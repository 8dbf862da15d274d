import { announce } from './announce.ts';

/** Offers to copy the id of the trace that the page shows, wherever pages may copy. */
export function offerToCopyTrace(): void {
  const trace = traceOn(document);
  // Only pages that came by HTTPS, or from this machine, have the second.
  if (!trace || !navigator.clipboard) return;
  const button = trace.querySelector('button') ?? trace.appendChild(createButton());
  button.textContent = 'Copy';
}

/** Names on this page the trace that an answer names which is not shown otherwise. */
export function showTrace(answer: Document): void {
  const [shown, fresh] = [traceOn(document), traceOn(answer)];
  if (fresh) shown?.replaceWith(fresh);
  offerToCopyTrace();
}

function traceOn(page: Document): Element | null | undefined {
  return page.querySelector('.trace > code')?.parentElement;
}

function createButton(): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.own = '';
  button.ariaLabel = 'Copy the trace id';
  button.addEventListener('click', async () => {
    // The one that is shown by now.
    const id = button.parentElement?.querySelector('code')?.textContent ?? '';
    try {
      await navigator.clipboard.writeText(id);
      button.textContent = 'Copied';
      announce('Trace id copied.');
    } catch {
      announce('The trace id could not be copied.');
    }
  });
  return button;
}

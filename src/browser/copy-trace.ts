import { announce } from './announce.ts';

/** Offers to copy the id of the trace that the page shows, wherever pages may copy. */
export function offerToCopyTrace(): void {
  const trace = document.querySelector('.trace');
  // Only pages that came by HTTPS, or from this machine, have the second.
  if (!trace || !navigator.clipboard) return;
  const button = trace.querySelector('button') ?? trace.appendChild(createButton());
  button.textContent = 'Copy';
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

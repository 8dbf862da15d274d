/** Adds a copy button to each element that has something to copy. */
export function offerToCopy(root: ParentNode): void {
  if (!navigator.clipboard) return;
  for (const element of root.querySelectorAll<HTMLElement>('.copy:not([data-copy])')) {
    element.dataset.copy = '';
    const text = element.textContent ?? '';
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy-button';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = 'Copied';
      } catch {
        button.textContent = 'Not allowed';
      }
    });
    // A button within the element would be part of a copied selection.
    const actions = element.tagName === 'TD' && element.nextElementSibling;
    if (actions) actions.prepend(button);
    else element.after(button);
  }
}

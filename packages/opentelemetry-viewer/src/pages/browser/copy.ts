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
    // A button within <pre> or <code> would be part of the copied selection.
    if (element.tagName === 'TD') element.append(button);
    else element.after(button);
  }
}

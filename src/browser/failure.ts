let count = 0;

/**
 * Shows a failure next to its element, until the action is retried or another one succeeds.
 * @returns the id of the message
 */
export function showFailure(place: Element, text: string): string {
  clearFailure(place);
  const message = document.createElement('p');
  message.className = 'refusal';
  message.role = 'alert';
  message.dataset.own = '';
  count += 1;
  message.id = `failure-${count}`;
  message.textContent = text;
  place.append(message);
  return message.id;
}

export function clearFailure(place: Element): void {
  for (const message of place.querySelectorAll(':scope > [data-own]')) message.remove();
}

/** Removes all failures except those of titles that are being edited. */
export function clearFailures(): void {
  for (const message of document.querySelectorAll('[data-own].refusal')) {
    if (!message.closest('.editing')) message.remove();
  }
}

/** Removes the message about the previous input of a field. */
export function clearRefusal(field: HTMLInputElement): void {
  if (!field.hasAttribute('aria-invalid')) return;
  document.getElementById(field.getAttribute('aria-describedby') ?? '')?.remove();
  field.removeAttribute('aria-invalid');
  field.removeAttribute('aria-describedby');
}

let count = 0;

/**
 * Shows next to what failed why it failed, until it is tried again or anything else succeeds.
 * @returns the id of the sentence
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

/** What did not work works again. What is wrong with a title that is being edited stays. */
export function clearFailures(): void {
  for (const message of document.querySelectorAll('[data-own].refusal')) {
    if (!message.closest('.editing')) message.remove();
  }
}

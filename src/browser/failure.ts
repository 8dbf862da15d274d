/** Shows next to what failed why it failed, until it is tried again. */
export function showFailure(place: Element, text: string): void {
  clearFailure(place);
  const message = document.createElement('p');
  message.className = 'refusal';
  message.role = 'alert';
  message.dataset.own = '';
  message.textContent = text;
  place.append(message);
}

export function clearFailure(place: Element): void {
  for (const message of place.querySelectorAll(':scope > [data-own]')) message.remove();
}

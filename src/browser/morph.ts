/** Elements that the script has added; they stay when the page is replaced. */
const OWN = '.editing, [data-own]';

/**
 * Changes an element into another. Children with the same id, or without one of the same kind, stay
 * in place, so a focused button keeps the focus.
 */
export function morph(old: Element, fresh: Element): void {
  if (old.isEqualNode(fresh) || old.matches(OWN)) return;
  copyAttributes(old, fresh);

  const children = [...fresh.childNodes].filter((node) => !isBlank(node));
  const ids = new Set(children.map(idOf));
  const byId = new Map<string, ChildNode>();
  for (const child of [...old.childNodes]) {
    const id = idOf(child);
    if (isBlank(child) || (id && !ids.has(id) && !isOwn(child))) child.remove();
    else if (id) byId.set(id, child);
  }

  let place: ChildNode | null = old.firstChild;
  for (const child of children) {
    while (place && isOwn(place) && !ids.has(idOf(place))) place = place.nextSibling;
    const id = idOf(child);
    const twin = id ? byId.get(id) : place && isSameKind(place, child) ? place : undefined;
    if (!twin) old.insertBefore(document.importNode(child, true), place);
    else {
      if (twin === place) place = place.nextSibling;
      else old.insertBefore(twin, place);
      if (twin instanceof Element && child instanceof Element) morph(twin, child);
      else if (twin.nodeValue !== child.nodeValue) twin.nodeValue = child.nodeValue;
    }
  }
  while (place) {
    const next: ChildNode | null = place.nextSibling;
    if (!isOwn(place)) place.remove();
    place = next;
  }
}

function copyAttributes(old: Element, fresh: Element): void {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function idOf(node: Node): string {
  return node instanceof Element ? node.id : '';
}

function isBlank(node: Node): boolean {
  return node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim() === '';
}

function isOwn(node: Node): boolean {
  return node instanceof Element && node.matches(OWN);
}

function isSameKind(a: Node, b: Node): boolean {
  return idOf(a) === '' && a.nodeName === b.nodeName;
}

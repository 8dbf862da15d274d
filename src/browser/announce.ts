import type { Answer } from './send.ts';

const region = document.createElement('p');
region.role = 'status';
region.className = 'unseen';
document.body.append(region);

/** Tells people who do not see the page what has changed on it. */
export function announce(text: string): void {
  region.textContent = text;
}

/** Tells what an action has done, and what the page says about it: `“milk” added. 2 tasks left.` */
export function announceAnswer({ page, isRefused }: Answer, done: string): void {
  // What is refused says so itself, as an alert.
  if (!page) return;
  const notice = page.getElementById('notice')?.textContent;
  const left = page.getElementById('left')?.textContent;
  announce([isRefused ? '' : done, notice, `${left}.`].filter(Boolean).join(' '));
}

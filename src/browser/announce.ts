import type { ActionResult } from './send.ts';
import { scriptTexts } from './texts/index.ts';

const region = document.createElement('p');
region.role = 'status';
region.className = 'unseen';
document.body.append(region);

/** Announces a change of the page to screen readers. */
export function announce(text: string): void {
  region.textContent = text;
}

/** Announces the result of an action and the page's message: `“milk” added. 2 tasks left.` */
export function announceResult({ page, isRefused }: ActionResult, done: string): void {
  // A failure is announced as an alert.
  if (!page) return;
  const notice = page.getElementById('notice')?.textContent;
  const left = page.getElementById('left')?.textContent ?? '';
  announce([isRefused ? '' : done, notice, scriptTexts.left(left)].filter(Boolean).join(' '));
}

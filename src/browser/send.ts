import { scriptTexts } from './texts/index.ts';

/** A request to the server: a submitted form or a followed link. */
export interface Action {
  /** The first part of the path: `add`, `complete`, `delete-completed`; `show` for the list. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: URLSearchParams | undefined;
}

/** A page of the list, or the reason why there is none. */
export type ActionResult =
  | {
      readonly page: Document;
      readonly isRefused: boolean;
      readonly failure?: undefined;
      readonly other?: undefined;
    }
  | {
      readonly page?: undefined;
      readonly isRefused: true;
      readonly failure: string;
      /** The page that the server sent instead of the list. */
      readonly other?: Document;
    };

const RESPONSE_TIMEOUT_MS = 15_000;

/** The part of `fetch()` that actions use. */
export type PageFetch = (url: string, init?: RequestInit) => Promise<Response>;

let request: PageFetch = (url, init) => fetch(url, init);

/** Replaces `fetch()` for all later actions, for example with a traced one. */
export function setFetch(traced: PageFetch): void {
  request = traced;
}

/** Sends an action. The server responds with the same page as without script. */
export async function send({ method, url, body }: Action): Promise<ActionResult> {
  try {
    const response = await request(url, {
      method,
      body: body ?? null,
      headers: { Accept: 'text/html' },
      signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
    });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (page.getElementById('left')) return { page, isRefused: !response.ok };
    return { isRefused: true, failure: describeResponse(response, page), other: page };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const failure = isLate
      ? scriptTexts.late(RESPONSE_TIMEOUT_MS / 1_000)
      : scriptTexts.unreachable;
    return { isRefused: true, failure };
  }
}

function describeResponse({ status, headers }: Response, page: Document): string {
  const refusal = page.getElementById('refusal')?.textContent;
  if (refusal) return refusal;
  const title = page.querySelector('h1')?.textContent ?? scriptTexts.status(status);
  const text = page.querySelector('main > p')?.textContent ?? '';
  const seconds = Number(headers.get('Retry-After'));
  return scriptTexts.failure(title, seconds > 0 ? scriptTexts.retry(seconds) : text).trim();
}

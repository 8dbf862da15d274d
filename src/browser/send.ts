/** What a person does that the server has to know: a form that is sent or a link that is followed. */
export interface Action {
  /** Its kind, the first part of the path: `add`, `complete`, `delete-completed`; `show` for the list. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: URLSearchParams | undefined;
}

/** A page of the list, or a sentence that says why there is none. */
export type Answer =
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
      /** The page that came in place of the list. */
      readonly other?: Document;
    };

/** Milliseconds after which an answer is no longer waited for. */
const PATIENCE = 15_000;

/** `fetch()`, as far as actions need it. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

let request: Fetch = (url, init) => fetch(url, init);

/** Lets all requests from now on be made with this: `fetch()`, traced. */
export function requestWith(traced: Fetch): void {
  request = traced;
}

/** Every action goes through here. The server answers with the page that it has without script. */
export async function send({ method, url, body }: Action): Promise<Answer> {
  try {
    const response = await request(url, {
      method,
      body: body ?? null,
      headers: { Accept: 'text/html' },
      signal: AbortSignal.timeout(PATIENCE),
    });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (page.getElementById('left')) return { page, isRefused: !response.ok };
    return { isRefused: true, failure: describe(response, page), other: page };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const failure = isLate
      ? `No answer came in ${PATIENCE / 1_000} seconds. Reload the page to see what was saved.`
      : 'The server cannot be reached. Check the connection and try again.';
    return { isRefused: true, failure };
  }
}

function describe({ status, headers }: Response, page: Document): string {
  const refusal = page.getElementById('refusal')?.textContent;
  if (refusal) return refusal;
  const title = page.querySelector('h1')?.textContent ?? `The server answered ${status}`;
  const text = page.querySelector('main > p')?.textContent ?? '';
  const seconds = Number(headers.get('Retry-After'));
  const wait = `Try again in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`;
  return `${title}. ${seconds > 0 ? wait : text}`.trim();
}

import type { HonoRequest } from 'hono';
import { type ParsedTitle, parseTitle } from '../../tasks/index.ts';
import type { DescribeError } from '../errors/index.ts';

/** The form of a request, or the error: 415 for another content type, 400 for a malformed form. */
export type FormResult =
  | { readonly ok: true; readonly value: FormData | URLSearchParams }
  | { readonly ok: false; readonly status: 400 | 415; readonly describe: DescribeError };

const FORM_TYPE = /^(?:application\/x-www-form-urlencoded|(multipart\/form-data))\s*(?:;|$)/i;
const MAX_TYPE_LENGTH = 256;
/** Maximum number of fields, or of lines that could start a part. */
const MAX_FIELDS = 1_000;
// Deno's time to parse the header of a part is quadratic in the length of a run of blanks.
const BLANKS_IN_HEADER = /^[!-9;-~]+:.*?[ \t]{64}/m;

/** Reads a request's body as a form. */
export async function readForm(request: HonoRequest): Promise<FormResult> {
  const type = request.header('Content-Type') ?? '';
  const [found, multipart] = (type.length <= MAX_TYPE_LENGTH && FORM_TYPE.exec(type)) || [];
  if (found === undefined) {
    return { ok: false, status: 415, describe: ({ errors }) => errors.notForm };
  }
  try {
    const body = await request.text();
    const value = multipart ? await parseMultipart(body, type) : parseUrlEncoded(body);
    return { ok: true, value };
  } catch {
    return { ok: false, status: 400, describe: ({ errors }) => errors.unreadableForm };
  }
}

/** The title in the field `task` of a form, and the input if it was a single string. */
export interface TitleField {
  readonly title: ParsedTitle;
  readonly input: string | undefined;
}

/** Reads the field `task`; repeated fields make the title invalid. */
export function readTitle(form: FormData | URLSearchParams): TitleField {
  const fields = form.getAll('task');
  const input = fields.length > 1 ? fields : fields[0];
  return { title: parseTitle(input), input: typeof input === 'string' ? input : undefined };
}

function parseUrlEncoded(body: string): URLSearchParams {
  checkCount(body, '&');
  return new URLSearchParams(body);
}

function parseMultipart(body: string, type: string): Promise<FormData> {
  checkCount(body, '\n--');
  if (BLANKS_IN_HEADER.test(body)) throw new Error('A header of a part is mostly blanks.');
  return new Response(body, { headers: { 'Content-Type': type } }).formData();
}

/** Checks the number of fields. @throws Error if there are more than any form of this app has */
function checkCount(body: string, separator: string): void {
  const { length } = body.split(separator, MAX_FIELDS + 1);
  if (length > MAX_FIELDS) throw new Error('The form has too many fields.');
}

import type { HonoRequest } from 'hono';
import type { ErrorText } from './error-page.ts';

/** The form of a request, or why there is none: 415 for another content type, 400 for a broken one. */
export type FormResult =
  | { readonly ok: true; readonly value: FormData }
  | ({ readonly ok: false; readonly status: 400 | 415 } & ErrorText);

const FORM_TYPE = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i;

/** Reads a request's body as a form, whatever a client has sent. */
export async function readForm(request: HonoRequest): Promise<FormResult> {
  if (!FORM_TYPE.test(request.header('Content-Type') ?? '')) {
    return {
      ok: false,
      status: 415,
      title: 'Not a form',
      text: 'Send the task as a form: application/x-www-form-urlencoded or multipart/form-data.',
    };
  }
  try {
    return { ok: true, value: await request.formData() };
  } catch {
    return {
      ok: false,
      status: 400,
      title: 'Unreadable form',
      text: 'The form arrived broken. Please go back and send it again.',
    };
  }
}

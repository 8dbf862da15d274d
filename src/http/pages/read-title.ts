import { parseTitle } from '../../tasks/parse-title.ts';
import type { Parsed } from '../../tasks/parsed.ts';

/** The title in a form's field `task`, and the text as it was typed, if it was one text. */
export interface ReadTitle {
  readonly title: Parsed<string>;
  readonly input: string | undefined;
}

export function readTitle(form: FormData | URLSearchParams): ReadTitle {
  const fields = form.getAll('task');
  const input = fields.length > 1 ? fields : fields[0];
  return { title: parseTitle(input), input: typeof input === 'string' ? input : undefined };
}

const rules = new Intl.PluralRules('en');

/** The texts of the script in English. The other languages have the same type. */
export const enScript = {
  added: (title: string) => `“${title}” added.`,
  saved: (title: string) => `“${title}” saved.`,
  completed: (title: string) => `“${title}” completed.`,
  reopened: (title: string) => `“${title}” reopened.`,
  deleted: (title: string) => `“${title}” deleted.`,
  moved: (title: string, place: number, count: number) =>
    `“${title}” moved to ${place} of ${count}.`,
  allCompleted: 'All tasks completed.',
  allReopened: 'All tasks reopened.',
  completedDeleted: 'Completed tasks deleted.',
  restored: 'Deletion undone.',
  shown: (count: number) =>
    rules.select(count) === 'one' ? `${count} task shown.` : `${count} tasks shown.`,
  /** Makes the number of tasks left a sentence. */
  left: (left: string) => `${left}.`,

  edit: (title: string) => `Edit ${title}`,
  cancel: 'Cancel',

  copy: 'Copy',
  copyTrace: 'Copy the trace ID',
  copied: 'Copied',
  traceCopied: 'Trace ID copied.',
  traceNotCopied: 'The trace ID could not be copied.',

  late: (seconds: number) =>
    `The server did not respond within ${seconds} seconds. Reload the page to see what was saved.`,
  unreachable: 'The server cannot be reached. Check the connection and try again.',
  status: (status: number) => `The server responded with ${status}`,
  retry: (seconds: number) =>
    rules.select(seconds) === 'one'
      ? `Try again in ${seconds} second.`
      : `Try again in ${seconds} seconds.`,
  /** Joins the title of an error page and a sentence. */
  failure: (title: string, text: string) => `${title}. ${text}`,
};

/** The texts of one language. */
export type ScriptTexts = typeof enScript;

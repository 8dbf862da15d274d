import { createNumberFormat } from './number.ts';
import { createPlural } from './plural.ts';

const number = createNumberFormat('en');
const plural = createPlural('en');

/** Quotes a title, isolated so that right-to-left text does not affect the rest of the sentence. */
const quote = (title: string) => `“\u2068${title}\u2069”`;

/** All texts of the app's pages in English. The other languages have the same type. */
export const en = {
  number,
  appName: 'To-Do List',
  description: 'A to-do list that shows what a web app can report about itself.',
  languages: 'Language',
  backToTasks: 'Back to the tasks',

  list: {
    left: (count: number) =>
      plural(count, { one: `${number(count)} task left`, other: `${number(count)} tasks left` }),
    filters: 'Tasks to show',
    show: { all: 'All', active: 'Active', completed: 'Completed' },
    noTasks: 'Nothing to do. Enjoy it, or write down the first thing that comes to mind.',
    noneHere: {
      all: 'No more tasks here.',
      active: 'Nothing left to do here. Well done.',
      completed: 'Nothing completed yet. The first tick is the best one.',
    },
    field: 'What needs to be done?',
    add: 'Add',
    edit: (title: string) => `Edit ${title}`,
    delete: (title: string) => `Delete ${title}`,
    completeAll: 'Complete all',
    reopenAll: 'Reopen all',
    clearCompleted: 'Clear completed',
    pages: 'Pages',
    firstPage: 'First page',
    previousPage: '← Previous page',
    nextPage: 'Next page →',
    added: 'Added at the end of the list.',
    showAdded: 'Show it',
    taskDeleted: 'Task deleted.',
    completedDeleted: 'Completed tasks deleted.',
    undo: 'Undo',
  },

  edit: {
    title: 'Edit a task',
    save: 'Save',
    hint: 'Saving an empty title deletes the task.',
    moveUp: 'Move up',
    moveDown: 'Move down',
  },

  notices: {
    addedToActive: 'Your task was added to the active tasks.',
    gone: 'This task no longer exists: someone deleted it.',
    editedGone: 'The task that you edited no longer exists. Add your text as a new task?',
    notDeleted: (title: string) =>
      `This task was not deleted, because someone changed it to ${quote(title)}.`,
    replaced: (title: string) =>
      `Someone else changed this task to ${quote(title)}; your text replaced it.`,
    notMoved: 'The task was not moved: there is no place for it next to the other task.',
    notRestored:
      'Nothing was restored: the list is full, or the server no longer has the deleted tasks.',
  },

  /** Reasons why a title is invalid. */
  titles: {
    type: () => 'A task needs a title, which must be a string.',
    blank: () => 'Enter a task first.',
    nul: () => 'The title contains a NUL character. Remove it.',
    surrogate: () => 'The title contains half of a character. Remove it.',
    long: (length: number, maxLength: number) =>
      `The title has ${number(length)} characters. Shorten it to ${number(maxLength)} or fewer, please.`,
  },

  trace: {
    label: 'Trace',
    millis: (millis: number) =>
      `${millis < 10 ? number(millis, 1) : number(Math.round(millis))} ms`,
    statements: (count: number) =>
      plural(count, {
        one: `${number(count)} SQL statement`,
        other: `${number(count)} SQL statements`,
      }),
    jaeger: 'Show in Jaeger',
    jaegerDelay: 'Jaeger has a trace up to 10 seconds after the request.',
    viewer: 'Show the trace',
    make: 'Make a trace',
    report:
      'If this happens again, report the trace ID below to the operator: the trace shows what went wrong.',
  },

  demo: {
    title: 'Demonstration',
    intro: 'Each button makes a trace to inspect.',
    slowQuery: {
      name: 'Slow query',
      text: 'A statement waits 1 s for a lock.',
      done: 'A DELETE of a task that does not exist took a second, because another connection held the write lock. Its span is as long as the span of the request. Meanwhile the app served pages, but no changes.',
      notPossible:
        'An in-memory database has only one connection, so nothing can lock it. Start the app with --database file:tasks.db to see a slow query.',
    },
    error: {
      name: 'Error',
      text: 'A handler throws.',
      done: 'A handler threw an error on purpose, and the app responded with status 500. In the trace, the span of this request has the status ERROR and error.type. The exception has its stack and its cause, either as an event of the span or as a log record. The log record “request failed” has the same trace ID.',
    },
    nPlusOne: {
      name: 'N+1 queries',
      text: 'One statement for the list, one more for each task.',
      done: (statements: number) =>
        `The list was read, then each of its tasks once more: ${number(statements)} statements where one would do. The trace shows a row of short spans; no single one looks slow.`,
      noTasks: 'The list is empty, so there was nothing to read again. Add a few tasks first.',
    },
    burst: {
      name: 'Burst',
      text: (requests: number) => `${number(requests)} requests at once.`,
      done: (requests: number) =>
        `${number(requests)} requests ran through the app at once, in this process. Each has a span below the span of this request. One thread serves them all, so each span is longer than its own work. Their SQL statements belong to their own spans; the number below counts all of them.`,
    },
  },

  errors: {
    notFound: { title: 'Page not found', text: 'There is nothing at this address.' },
    methodNotAllowed: (methods: string) => ({
      title: 'Method not allowed',
      text: `This address only accepts ${methods}.`,
    }),
    failed: {
      title: 'Something went wrong',
      text: 'The server made a mistake, not you. Please try again in a moment.',
    },
    unavailable: {
      title: 'Temporarily unavailable',
      text: 'The list cannot be read or changed right now. Please try again in a moment.',
    },
    listFull: {
      title: 'The list is full',
      text: 'The list has reached its maximum number of tasks. Please delete some first.',
    },
    notAccepted: {
      title: 'Request not accepted',
      text: 'The server understood the request but does not accept it.',
    },
    otherSite: {
      title: 'Sent from another site',
      text: 'The list accepts changes from its own pages and from the sites that its operator allows.',
    },
    tooManyChanges: (rate?: number) => ({
      title: 'Too many requests',
      text:
        rate === undefined
          ? 'The server limits the changes from one address. Please wait a moment.'
          : `The server accepts up to ${number(rate)} changes per second from one address. Please wait a moment.`,
    }),
    invalidRequest: {
      title: 'Invalid request',
      text: 'The URL or the Host header of the request is not valid.',
    },
    unknownHost: {
      title: 'Unknown host',
      text: 'The server does not accept this host name. Its operator can add it to ALLOWED_HOSTS.',
    },
    longAddress: (kilobytes: number) => ({
      title: 'Address too long',
      text: `The server accepts addresses of up to ${number(kilobytes)} kB.`,
    }),
    largeHeaders: (kilobytes: number) => ({
      title: 'Headers too large',
      text: `The server accepts up to ${number(kilobytes)} kB of headers. Deleting cookies may help.`,
    }),
    incomplete: {
      title: 'Incomplete request',
      text: 'The request ended too early. Please send it again.',
    },
    largeBody: (kilobytes: number) => ({
      title: 'Request too large',
      text: `The server accepts up to ${number(kilobytes)} kB. Please send something shorter.`,
    }),
    notForm: {
      title: 'Not a form',
      text: 'Send the task as a form: application/x-www-form-urlencoded or multipart/form-data.',
    },
    unreadableForm: {
      title: 'Unreadable form',
      text: 'The form is malformed. Please go back and send it again.',
    },
  },
};

/** The texts of one language. */
export type Texts = typeof en;

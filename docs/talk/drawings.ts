import type { DrawingTexts } from './drawing-texts.ts';
import { arrow, bar, box, drawing, labeledBox, moved, text } from './svg.ts';

type Draw = (words: DrawingTexts, title: string) => string;

/** Width of a drawing for slides and wide screens. */
const WIDE = 760;
/** Width of a drawing for phones. The text has the same size there, so it stays legible. */
const NARROW = 320;

/** The drawings of chapter 100, by file name. Their titles are the descriptions in the page. */
export const drawings: Readonly<Record<string, Draw>> = {
  'signals.svg': drawSignals,
  'signals-narrow.svg': drawSignalsNarrow,
  'trace.svg': drawTrace,
  'trace-narrow.svg': drawTraceNarrow,
  'propagation.svg': drawPropagation,
  'propagation-narrow.svg': drawPropagationNarrow,
  'collector.svg': drawCollector,
  'collector-narrow.svg': drawCollectorNarrow,
};

const SIGNAL_WIDTH = 220;
const SIGNAL_HEIGHT = 170;

/** Draws the three signals and the question that each answers. */
function drawSignals(words: DrawingTexts, title: string): string {
  const columns = [20, 270, 520];
  return drawing([WIDE, SIGNAL_HEIGHT + 20], title, [
    ...signalBoxes(words).map((parts, i) => moved(columns[i] ?? 0, 10, parts)),
    arrow(243, 95, 266, 95),
    arrow(493, 95, 516, 95),
  ]);
}

function drawSignalsNarrow(words: DrawingTexts, title: string): string {
  const step = SIGNAL_HEIGHT + 30;
  const left = (NARROW - SIGNAL_WIDTH) / 2;
  return drawing([NARROW, 3 * step - 20], title, [
    ...signalBoxes(words).map((parts, i) => moved(left, 5 + i * step, parts)),
    ...[1, 2].map((i) => arrow(NARROW / 2, 5 + i * step - 27, NARROW / 2, 5 + i * step - 4)),
  ]);
}

function signalBoxes(words: DrawingTexts): string[][] {
  const contents = [
    [
      '<path class="curve" d="M20 120 45 116 70 119 95 114 120 117 145 113 165 58 185 50"/>',
      '<circle class="alarm" cx="185" cy="50" r="6"/>',
    ],
    [
      bar(20, 44, 180, 'page'),
      bar(35, 66, 155, 'server'),
      bar(45, 88, 16, 'database'),
      bar(68, 110, 110, 'database'),
    ],
    [
      text(20, 60, '9:14:03 INFO', 'code'),
      text(20, 85, '9:14:04 WARN', 'code'),
      text(20, 110, '9:14:04 SQLITE_BUSY', 'code'),
    ],
  ];
  const heads = [words.metrics, words.traces, words.logs];
  const feet = [words.metricsShow, words.tracesShow, words.logsShow];
  return contents.map((content, i) => [
    box(0, 0, SIGNAL_WIDTH, SIGNAL_HEIGHT),
    text(SIGNAL_WIDTH / 2, 28, heads[i] ?? '', 'title middle'),
    ...content,
    text(SIGNAL_WIDTH / 2, SIGNAL_HEIGHT - 16, feet[i] ?? '', 'middle'),
  ]);
}

/** Name, service, start, duration and look of each span. */
const SPANS = [
  ['add task', 'todo-web', 0, 500, 'page'],
  ['POST /tasks', 'todo', 40, 420, 'server'],
  ['SELECT tasks', 'sqlite', 70, 40, 'database'],
  ['INSERT tasks', 'sqlite', 125, 300, 'database'],
] as const;

/** Draws a trace as bars over time. */
function drawTrace(words: DrawingTexts, title: string): string {
  const left = 235;
  return drawing([WIDE, 215], title, [
    arrow(left, 24, WIDE - 20, 24),
    text(WIDE - 20, 16, words.time, 'small end'),
    ...SPANS.flatMap(([name, service, start, width, look], i) => {
      const y = 52 + 40 * i;
      return [
        text(20 + 16 * Math.min(i, 2), y + 12, name, 'title'),
        text(left - 12, y + 12, service, 'small end'),
        bar(left + start, y, width, look),
      ];
    }),
    text(left, 82, words.root, 'small'),
    text(left + 125, 202, words.longest, 'small'),
  ]);
}

/** Draws the same trace with the names above the bars. */
function drawTraceNarrow(words: DrawingTexts, title: string): string {
  const scale = (NARROW - 2) / 500;
  return drawing([NARROW, 280], title, [
    arrow(1, 24, NARROW - 1, 24),
    text(NARROW - 1, 16, words.time, 'small end'),
    ...SPANS.flatMap(([name, service, start, width, look], i) => {
      const y = 62 + 50 * i + (i > 0 ? 20 : 0);
      return [
        text(1 + 16 * Math.min(i, 2), y - 8, name, 'title'),
        text(NARROW - 1, y - 8, service, 'small end'),
        bar(1 + start * scale, y, width * scale, look),
      ];
    }),
    text(1, 92, words.root, 'small'),
    text(NARROW - 1, 264, words.longest, 'small end'),
  ]);
}

/** Draws three programs whose calls carry the context. */
function drawPropagation(words: DrawingTexts, title: string): string {
  const calls = PARENT_IDS.flatMap((id, i) => {
    const x = 180 + 280 * i;
    return [
      arrow(x + 4, 65, x + 116, 65),
      text(x + 60, 55, 'traceparent', 'code middle'),
      text(x + 60, 86, TRACE_ID, 'code middle'),
      text(x + 60, 104, id, 'small middle'),
    ];
  });
  return drawing([WIDE, 190], title, [
    ...programsOf(words).map(([name, operation], i) =>
      labeledBox([20 + 280 * i, 30, 160, 70], name, [operation]),
    ),
    ...calls,
    bar(20, 120, 720, 'page'),
    bar(300, 138, 400, 'server'),
    bar(580, 156, 100, 'database'),
    text(20, 186, words.oneTrace.join(' '), 'small'),
  ]);
}

/** Draws the same programs below each other. */
function drawPropagationNarrow(words: DrawingTexts, title: string): string {
  const step = 130;
  const calls = PARENT_IDS.flatMap((id, i) => {
    const y = 60 + step * i;
    return [
      arrow(80, y + 5, 80, y + step - 64),
      text(100, y + 20, 'traceparent', 'code'),
      text(100, y + 38, TRACE_ID, 'code'),
      text(100, y + 56, id, 'small'),
    ];
  });
  return drawing([NARROW, 440], title, [
    ...programsOf(words).map(([name, operation], i) =>
      labeledBox([1, 1 + step * i, 160, 60], name, [operation]),
    ),
    ...calls,
    bar(1, 340, 318, 'page'),
    bar(124, 358, 176, 'server'),
    bar(248, 376, 44, 'database'),
    ...words.oneTrace.map((line, i) => text(1, 410 + 20 * i, line, 'small')),
  ]);
}

const TRACE_ID = '4bf92f35…';
const PARENT_IDS = ['00f067aa…', 'b7ad6b71…'];

function programsOf(words: DrawingTexts): (readonly [name: string, operation: string])[] {
  return [
    [words.browser, 'click'],
    [words.shop, 'POST /orders'],
    [words.stock, 'GET /items'],
  ];
}

/** Draws the way from programs through a Collector to the backends. */
function drawCollector(words: DrawingTexts, title: string): string {
  return drawing([WIDE, 240], title, [
    labeledBox([20, 60, 170, 120], words.programs, LANGUAGES),
    arrow(194, 120, 286, 120),
    text(240, 110, 'OTLP', 'code middle'),
    labeledBox([290, 40, 210, 160], 'Collector', words.collector),
    ...backendsOf(words).flatMap(([name, signal], i) => {
      const y = 10 + 80 * i;
      return [arrow(504, 120, 576, y + 30), labeledBox([580, y, 160, 60], name, [signal])];
    }),
  ]);
}

function drawCollectorNarrow(words: DrawingTexts, title: string): string {
  const middle = NARROW / 2;
  const columns = [
    [1, 90],
    [97, 126],
    [229, 90],
  ] as const;
  return drawing([NARROW, 410], title, [
    labeledBox([55, 1, 210, 90], words.programs, LANGUAGES),
    arrow(middle, 95, middle, 136),
    text(middle + 12, 120, 'OTLP', 'code'),
    labeledBox([55, 140, 210, 130], 'Collector', words.collector),
    ...backendsOf(words).flatMap(([name, signal], i) => {
      const [x, width] = columns[i] ?? [0, 0];
      return [
        arrow(middle, 274, x + width / 2, 344),
        labeledBox([x, 348, width, 60], name, [signal]),
      ];
    }),
  ]);
}

const LANGUAGES = ['Node, Bun, Deno', 'Go, Java, Python…'];

function backendsOf(words: DrawingTexts): (readonly [name: string, signal: string])[] {
  return [
    ['Jaeger', words.traces],
    ['Prometheus', words.metrics],
    ['Loki', words.logs],
  ];
}

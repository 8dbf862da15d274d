import type { DrawingTexts } from './drawing-texts.ts';
import { arrow, bar, box, drawing, labeledBox, text, WIDTH } from './svg.ts';

type Draw = (words: DrawingTexts, title: string) => string;

/** The drawings of chapter 100, by file name. Their titles are the descriptions in the page. */
export const drawings: Readonly<Record<string, Draw>> = {
  'signals.svg': drawSignals,
  'trace.svg': drawTrace,
  'propagation.svg': drawPropagation,
  'collector.svg': drawCollector,
};

/** Draws the three signals and the question that each answers. */
function drawSignals(words: DrawingTexts, title: string): string {
  const columns = [20, 270, 520];
  const heads = [words.metrics, words.traces, words.logs];
  const feet = [words.metricsShow, words.tracesShow, words.logsShow];
  return drawing(210, title, [
    ...columns.map((x) => box(x, 10, 220, 190)),
    ...columns.map((x, i) => text(x + 110, 38, heads[i] ?? '', 'title middle')),
    ...columns.map((x, i) => text(x + 110, 182, feet[i] ?? '', 'middle')),
    '<path class="curve" d="M40 140 65 136 90 139 115 134 140 137 165 133 185 78 205 70"/>',
    '<circle class="alarm" cx="205" cy="70" r="6"/>',
    arrow(243, 105, 266, 105),
    arrow(493, 105, 516, 105),
    bar(290, 60, 180, 'page'),
    bar(305, 84, 155, 'server'),
    bar(315, 108, 16, 'database'),
    bar(338, 132, 110, 'database'),
    text(540, 78, '9:14:03 INFO', 'code'),
    text(540, 104, '9:14:04 WARN', 'code'),
    text(540, 130, '9:14:04 SQLITE_BUSY', 'code'),
  ]);
}

/** Draws a trace as bars over time. */
function drawTrace(words: DrawingTexts, title: string): string {
  const spans = [
    ['add task', 'todo-web', 0, 500, 'page'],
    ['POST /tasks', 'todo', 40, 420, 'server'],
    ['SELECT tasks', 'sqlite', 70, 40, 'database'],
    ['INSERT tasks', 'sqlite', 125, 300, 'database'],
  ] as const;
  const left = 235;
  return drawing(215, title, [
    arrow(left, 24, WIDTH - 20, 24),
    text(WIDTH - 20, 16, words.time, 'small end'),
    ...spans.flatMap(([name, service, start, width, look], i) => {
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

/** Draws three programs whose calls carry the context. */
function drawPropagation(words: DrawingTexts, title: string): string {
  const ids = ['00f067aa', 'b7ad6b71'];
  const boxes = [words.browser, words.shop, words.stock].map((name, i) =>
    labeledBox([20 + 280 * i, 30, 160, 70], name, [
      ['click', 'POST /orders', 'GET /items'][i] ?? '',
    ]),
  );
  const calls = ids.flatMap((id, i) => {
    const x = 180 + 280 * i;
    return [
      arrow(x + 4, 65, x + 116, 65),
      text(x + 60, 55, 'traceparent', 'code middle'),
      text(x + 60, 86, '4bf92f35…', 'code middle'),
      text(x + 60, 104, `${id}…`, 'small middle'),
    ];
  });
  return drawing(190, title, [
    ...boxes,
    ...calls,
    bar(20, 120, 720, 'page'),
    bar(300, 138, 400, 'server'),
    bar(580, 156, 100, 'database'),
    text(20, 186, words.oneTrace, 'small'),
  ]);
}

/** Draws the way from programs through a Collector to the backends. */
function drawCollector(words: DrawingTexts, title: string): string {
  const backends = [
    ['Jaeger', words.traces],
    ['Prometheus', words.metrics],
    ['Loki', words.logs],
  ] as const;
  return drawing(240, title, [
    labeledBox([20, 60, 170, 120], words.programs, ['Node, Bun, Deno', 'Go, Java, Python…']),
    arrow(194, 120, 286, 120),
    text(240, 110, 'OTLP', 'code middle'),
    labeledBox([290, 40, 210, 160], 'Collector', words.collector),
    ...backends.flatMap(([name, signal], i) => {
      const y = 10 + 80 * i;
      return [arrow(504, 120, 576, y + 30), labeledBox([580, y, 160, 60], name, [signal])];
    }),
  ]);
}

import { describe, expect, test } from 'vitest';
import { findCriticalPath } from '../../packages/opentelemetry-viewer/src/pages/spans/critical-path.ts';
import { formatTextTree } from '../../packages/opentelemetry-viewer/src/pages/spans/text-tree.ts';
import { noteTrace } from '../../packages/opentelemetry-viewer/src/pages/spans/trace-notes.ts';
import {
  layOutTrace,
  type WaterfallRow,
} from '../../packages/opentelemetry-viewer/src/pages/spans/waterfall.ts';
import {
  createTraceModel,
  readTraceView,
} from '../../packages/opentelemetry-viewer/src/pages/trace/trace-view.ts';
import { makeLog, makePageTrace, makeSpan, NOON, type SpanInput, TRACE_ID } from './page-spans.ts';

function layOut(...spans: SpanInput[]) {
  return layOutTrace({ spans: spans.map(makeSpan), logs: [] });
}

function outline(rows: readonly WaterfallRow[]): string[] {
  return rows.map((row) => {
    const text = row.kind === 'span' ? row.node.span.name : String(row.record.body);
    return `${'-'.repeat(row.depth)}${text}`;
  });
}

describe('layOutTrace()', () => {
  test('arranges services as one tree with log records in the order of time', () => {
    const logs = [makeLog({ span: 'c1', time: NOON + 13, body: 'between the statements' })];
    const { rows, services } = layOutTrace({ spans: makePageTrace().reverse(), logs });
    expect(outline(rows)).toEqual([
      'POST /add',
      '-fetch',
      '--POST /add',
      '---insert tasks',
      '---between the statements',
      '---select tasks',
    ]);
    expect(services).toEqual(['todo-web', 'todo']);
  });

  test('computes self time: overlaps count once, and children are cut to the span', () => {
    const { byId } = layOut(
      { id: '1', duration: 100 },
      { id: '2', parent: '1', start: NOON + 10, duration: 30 },
      { id: '3', parent: '1', start: NOON + 20, duration: 30 },
      { id: '4', parent: '1', start: NOON + 90, duration: 50 },
    );
    expect(byId.get('1'.padStart(16, '0'))?.self).toBeCloseTo(50);
  });

  test('puts a page that continues the trace of its response below the work of the server', () => {
    const { rows, roots, criticalPath, byId } = layOutTrace({
      spans: [
        makeSpan({ id: '1', name: 'POST /add', kind: 1, start: NOON + 5, duration: 100 }),
        makeSpan({ id: '2', parent: '1', service: 'web', name: 'documentLoad', duration: 200 }),
        makeSpan({ id: '3', parent: '1', name: 'SELECT', start: NOON + 10, duration: 90 }),
      ],
      logs: [makeLog({ span: '1', time: NOON + 102, body: 'done' })],
    });
    expect(outline(rows)).toEqual(['POST /add', '-SELECT', '-done', '-documentLoad']);
    expect(roots[0]?.self).toBeCloseTo(10);
    const names = criticalPath.map(({ id }) => byId.get(id)?.span.name);
    expect(names).toEqual(['POST /add', 'SELECT', 'POST /add']);
  });

  test('keeps spans whose parents are missing, circular or themselves', () => {
    const { rows } = layOut(
      { id: '1', parent: '2' },
      { id: '2', parent: '1' },
      { id: '3', parent: '3' },
      { id: '4', parent: 'ff' },
      { id: '4', parent: '3', start: NOON + 1 },
    );
    expect(outline(rows)).toHaveLength(5);
  });

  test('keeps log records without a known span', () => {
    const { rows, start } = layOutTrace({ spans: [], logs: [makeLog({ body: 'alone' })] });
    expect(outline(rows)).toEqual(['alone']);
    expect(start).toBe(NOON);
  });

  test('lays out a chain of 20,000 spans in seconds', () => {
    const spans = Array.from({ length: 20_000 }, (_, i) =>
      makeSpan({ id: (i + 1).toString(16), ...(i > 0 && { parent: i.toString(16) }) }),
    );
    const start = performance.now();
    const { rows } = layOutTrace({ spans, logs: [] });
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(rows.at(-1)?.depth).toBe(19_999);
  });
});

describe('findCriticalPath()', () => {
  test('follows the child that ends last, back from the end', () => {
    const { roots, byId } = layOut(
      { id: '1', duration: 100 },
      { id: '2', parent: '1', start: NOON + 10, duration: 40 },
      { id: '3', parent: '1', start: NOON + 20, duration: 60 },
    );
    const path = roots[0] ? findCriticalPath(roots[0]) : [];
    const names = path.map(({ id, start, end }) => {
      const name = byId.get(id)?.span.name;
      return `${name} ${Math.round(start - NOON)}-${Math.round(end - NOON)}`;
    });
    expect(names).toEqual(['1 80-100', '3 20-80', '2 10-20', '1 0-10']);
  });

  test('covers the duration of the root exactly', () => {
    const { criticalPath } = layOutTrace({ spans: makePageTrace(), logs: [] });
    const covered = criticalPath.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(covered).toBeCloseTo(40);
  });
});

describe('noteTrace()', () => {
  const kinds = (...spans: SpanInput[]) => noteTrace(layOut(...spans)).map(({ kind }) => kind);

  test('returns no findings for an ordinary trace', () => {
    expect(noteTrace(layOutTrace({ spans: makePageTrace(), logs: [] }))).toEqual([]);
  });

  test('finds the same statement with different values', () => {
    const statements = Array.from({ length: 3 }, (_, i) => ({
      id: `${i + 2}`,
      parent: '1',
      kind: 2,
      name: 'SELECT users',
      start: NOON + i * 8,
      duration: 8,
      attributes: {
        'db.system.name': 'sqlite',
        'db.query.text': `select * from users where id = ${i}`,
      },
    }));
    const [note] = noteTrace(layOut({ id: '1', duration: 50 }, ...statements));
    expect(note?.kind).toBe('repeated');
    expect(note?.message).toContain('runs 3 times');
    expect(note?.message).toContain('where id = ?');
  });

  test('distinguishes long statements by their ends, and shows how they differ', () => {
    const columns = Array.from({ length: 40 }, (_, i) => `"column${i}"`).join(', ');
    const statements = ['a', 'b', 'c', 'd', 'd', 'd'].map((column, i) => ({
      id: `${i + 2}`,
      parent: '1',
      kind: 2,
      attributes: {
        'db.system.name': 'sqlite',
        'db.query.text': `select ${columns} from "users" where "${column}" = ?`,
      },
    }));
    const [note, ...others] = noteTrace(layOut({ id: '1', duration: 10 }, ...statements));
    expect(note?.message).toMatch(/runs 3 times .* … from users where d = \?$/);
    expect(others).toEqual([]);
  });

  test('finds a slow statement', () => {
    const attributes = { 'db.system.name': 'sqlite' };
    expect(kinds({ id: '1', duration: 150, attributes })).toEqual(['slow-statement']);
  });

  test('finds a span that is alone for most of its time', () => {
    expect(kinds({ id: '1', duration: 100 }, { id: '2', parent: '1', duration: 5 })).toEqual([
      'gap',
    ]);
  });

  test('returns no findings for a call that waits for the network', () => {
    const server = { id: '2', parent: '1', service: 'api', kind: 1, duration: 5 };
    expect(kinds({ id: '1', kind: 2, duration: 100 }, server)).toEqual([]);
  });

  test('finds a span that starts after its parent ended', () => {
    const late = { id: '2', parent: '1', start: NOON + 15, duration: 1 };
    expect(kinds({ id: '1', duration: 10 }, late)).toEqual(['late-span']);
  });

  test('finds a missing parent', () => {
    expect(kinds({ id: '1', parent: '9' })).toEqual(['missing-parent']);
  });

  test('returns no findings for a page that loaded before the server responded', () => {
    const page = { id: '2', parent: '1', service: 'web', name: 'documentLoad' };
    const server = { id: '1', kind: 1, start: NOON + 10, duration: 20 };
    const file = { id: '3', parent: '2', service: 'web', duration: 1 };
    expect(kinds(server, { ...page, duration: 200 }, file)).toEqual([]);
  });

  test('finds clock skew', () => {
    const server = { id: '2', parent: '1', service: 'api', kind: 1, start: NOON - 50 };
    expect(kinds({ id: '1', service: 'web', duration: 10 }, server)).toContain('skew');
  });
});

describe('createTraceModel()', () => {
  const trace = { traceId: TRACE_ID, spans: makePageTrace(), logs: [], droppedSpans: 0 };
  const model = (query: string) =>
    createTraceModel(trace, readTraceView(new URLSearchParams(query)));

  test('hides the descendants of a folded span', () => {
    const { rows } = model(`fold=${'c1'.padStart(16, '0')}`);
    expect(outline(rows)).toEqual(['POST /add', '-fetch', '--POST /add']);
  });

  test('finds by attributes and can leave out the rest', () => {
    expect(model('find=insert+into').hits.size).toBe(1);
    expect(outline(model('find=insert+into&only=1').rows)).toEqual(['---insert tasks']);
  });

  test('hides shorter spans', () => {
    expect(outline(model('min=30ms').rows)).toEqual(['POST /add', '-fetch']);
  });

  test('zooms into a part of the time and ignores a wrong one', () => {
    expect(model('zoom=10-20')).toMatchObject({ from: NOON + 10, to: NOON + 20 });
    expect(model('zoom=x')).toMatchObject({ from: NOON, to: NOON + 40 });
  });

  test('shows the window that holds the selected span', () => {
    const spans = Array.from({ length: 2_500 }, (_, i) =>
      makeSpan({ id: (i + 1).toString(16), start: NOON + i }),
    );
    const view = readTraceView(
      new URLSearchParams(`span=${(2_100).toString(16).padStart(16, '0')}`),
    );
    const { firstRow, shown } = createTraceModel({ ...trace, spans }, view);
    expect(firstRow).toBe(2_000);
    expect(shown).toHaveLength(500);
  });
});

test('formatTextTree() draws the branches and escapes control characters', () => {
  const spans = [
    makeSpan({ id: '1', name: 'GET /' }),
    makeSpan({ id: '2', parent: '1', name: 'a' }),
    makeSpan({ id: '3', parent: '2', name: 'b\u001b[2J', duration: 1 }),
    makeSpan({ id: '4', parent: '1', name: 'c', start: NOON + 1, error: 'failed' }),
  ];
  expect(
    formatTextTree(TRACE_ID, layOutTrace({ spans, logs: [] }))
      .split('\n')
      .slice(0, 4),
  ).toEqual([
    `GET / 10.0 ms  todo  trace ${TRACE_ID}`,
    '├─ a 10.0 ms',
    '│  └─ b\\u001b[2J 1.00 ms',
    '└─ ✗ c 10.0 ms  failed',
  ]);
});

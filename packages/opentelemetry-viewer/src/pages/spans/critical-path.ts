/** A span as far as the critical path needs it. */
interface TimedNode {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly children: readonly TimedNode[];
  readonly isContinuation: boolean;
}

/** A part of a span during which nothing else could have shortened the trace. */
export interface CriticalSegment {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the chain of spans that decides when a root ends: from its end backwards, always the child
 * that ended last. Shortening any other span does not make the trace shorter.
 * @returns segments that cover the root's duration without overlap, latest first
 */
export function findCriticalPath(root: TimedNode): readonly CriticalSegment[] {
  const segments: CriticalSegment[] = [];
  const stack = [open(root, root.end)];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const child = nextChild(top);
    const from = child ? Math.min(child.end, top.cursor) : top.node.start;
    if (top.cursor > from) segments.push({ id: top.node.id, start: from, end: top.cursor });
    if (child) {
      top.cursor = Math.max(child.start, top.node.start);
      stack.push(open(child, from));
    } else {
      stack.pop();
    }
  }
  return segments;
}

interface Frame {
  readonly node: TimedNode;
  /** Children that have not been looked at, the last to end at the end. */
  readonly children: TimedNode[];
  /** The path is complete after this time. */
  cursor: number;
}

function open(node: TimedNode, cursor: number): Frame {
  const children = node.children.filter(({ isContinuation }) => !isContinuation);
  return { node, cursor, children: children.sort((a, b) => a.end - b.end) };
}

/** Takes the child that ended last of those that started before the cursor. */
function nextChild({ node, children, cursor }: Frame): TimedNode | undefined {
  for (let child = children.pop(); child; child = children.pop()) {
    // A child that starts after the cursor ran in parallel to a span on the path.
    const isInside = child.start < cursor && child.end > node.start;
    // A span that outlives its parent is not what the parent waited for.
    if (isInside && child.end > child.start) return child;
  }
  return undefined;
}

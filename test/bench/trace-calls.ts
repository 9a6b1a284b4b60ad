/** One call to Slack about one incident, by `performance.now()`. */
export interface Traced {
  /** Such as `chat.postMessage post-card`. */
  what: string;
  args: Readonly<Record<string, unknown>>;
  beganAt: number;
  endedAt: number;
  /** What its answer told for the first time: ids of channels, messages and people. */
  tells: readonly string[];
}

/** A call, after the one that it had to wait for longest. */
export interface Link {
  call: Traced;
  after: Link | undefined;
  /** All that the calls of the chain took, this one included, ms: without what lies between them. */
  chainMs: number;
}

/** Reads that decide whether something is said at all: whatever comes next needs them though it names nothing they tell. */
const READ_FIRST: Record<string, RegExp> = {
  'conversations.setTopic': /^conversations\.info/,
  'conversations.setPurpose': /^conversations\.info/,
  'bookmarks.add': /^bookmarks\.list/,
};

/**
 * Who waited for whom: a call needs those that told what it names, and of these it came after the last to end. Throws where a call
 * began before what it needs had ended: then the trace is wrong.
 */
export function linkCalls(calls: readonly Traced[]): Link[] {
  const links: Link[] = [];
  for (const call of calls.toSorted((a, b) => a.beganAt - b.beganAt)) {
    const needed = links.filter((link) => needs(call, link.call));
    const early = needed.find((link) => link.call.endedAt > call.beganAt);
    if (early !== undefined) throw new Error(`${call.what} began before ${early.call.what} had told what it needs`);
    const after = needed.toSorted((a, b) => a.call.endedAt - b.call.endedAt).at(-1);
    links.push({ call, after, chainMs: (after?.chainMs ?? 0) + call.endedAt - call.beganAt });
  }
  return links;
}

function needs(call: Traced, other: Traced): boolean {
  const named = JSON.stringify(call.args);
  if (other.tells.some((told) => named.includes(told))) return true;
  const [method = ''] = call.what.split(' ');
  const isRead = READ_FIRST[method]?.test(other.what) === true && other.endedAt <= call.beganAt;
  return isRead && placeOf(call) === placeOf(other);
}

function placeOf({ args }: Traced): unknown {
  return args['channel'] ?? args['channel_id'];
}

/** The calls as a tree, with when each began and ended, ms since `from`. */
export function renderTree(links: readonly Link[], from: number): string[] {
  const below = (parent: Link | undefined, depth: number): string[] =>
    links.filter(({ after }) => after === parent).flatMap((link) => [line(link, depth), ...below(link, depth + 1)]);
  const line = ({ call }: Link, depth: number) => {
    const [began, ended] = [call.beganAt, call.endedAt].map((at) => String(Math.round(at - from)).padStart(5));
    return `${began} to ${ended} ms  ${'  '.repeat(depth)}${call.what}`;
  };
  return below(undefined, 0);
}

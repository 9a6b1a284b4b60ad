import type { SandboxSlack } from '../slack/start-slack.ts';

/** What was printed last of each message, by its time-stamp. */
export type Shown = Map<string, string>;

/** How long nothing may change before a person would look away, ms. */
const QUIET_MS = 900;
const LIMIT_MS = 20_000;
/** A run at work: its card will change. */
const AT_WORK = /: \*(planning|running|aborting)\*$/m;
const LOOK_MS = 100;

/** Prints what is new or edited in the channel for this person, as it comes, until nothing changes for a while. */
export async function showChanges(
  slack: SandboxSlack,
  channel: string,
  as: string,
  shown: Shown,
  print: (text: string) => void,
): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  let quietSince = Date.now();
  let pending = new Map<string, string>();
  while (Date.now() < end && Date.now() - quietSince < QUIET_MS) {
    const now = new Map(slack.renderMessages(channel, { as }).map(({ ts, text }) => [ts, text]));
    if (!isSame(now, pending) || [...now.values()].some((text) => AT_WORK.test(text))) quietSince = Date.now();
    pending = now;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  for (const [ts, text] of pending) {
    if (shown.get(ts) !== text) print(text);
    shown.set(ts, text);
  }
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([ts, text]) => other.get(ts) === text);
}

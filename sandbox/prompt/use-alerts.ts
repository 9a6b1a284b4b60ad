import { buildPayload, type FiringRule } from '../alertmanager/build-payload.ts';
import { rulesFor, sendAlerts } from '../alertmanager/send-alerts.ts';
import { until } from '../demo/watch-cluster.ts';
import type { Sandbox } from '../start-sandbox.ts';

export const ALERT_HELP = `As Alertmanager:        /alert [namespace]   /alert resolve   (then /room)`;

/** What fires now, by namespace. */
export type SentAlerts = Map<string, FiringRule[]>;

const USUAL = 'data-processing';
/** How long it is waited for the room, ms: none opens where the incident is open already. */
const ROOM_MS = 15_000;

/** What Alertmanager says; what to say of it, or undefined where it is nothing of that. */
export async function useAlerts(
  { env, slack }: Pick<Sandbox, 'env' | 'slack'>,
  sent: SentAlerts,
  [verb, what]: readonly [verb: string, what: string],
): Promise<string | undefined> {
  if (verb !== 'alert') return undefined;
  if (what === 'resolve') return resolveAll(env, sent);
  const namespace = what || USUAL;
  const rules = sent.get(namespace) ?? rulesFor(namespace, Date.now());
  const rooms = () => slack?.channelNames().filter((name) => name.startsWith('incident-')) ?? [];
  const before = rooms().length;
  const isFirst = !sent.has(namespace);
  const { status, text } = await sendAlerts(env, buildPayload(rules, namespace));
  if (status === 202) sent.set(namespace, rules);
  const line = `Alertmanager: ${rules.length} alerts of ${namespace} fire. Answer: ${status} ${text}`;
  const mayOpen = status === 202 && isFirst && slack !== undefined && (await answers(slack.url));
  const isNew = mayOpen && (await until(() => rooms().length > before, ROOM_MS));
  return isNew ? `${line}\nA room was opened, #${rooms().at(-1)}: /room` : line;
}

/** While Slack is down no room opens, and nobody need wait for one. */
function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    () => true,
    () => false,
  );
}

async function resolveAll(env: Record<string, string>, sent: SentAlerts): Promise<string> {
  const lines: string[] = [];
  for (const [namespace, rules] of sent) {
    const { status, text } = await sendAlerts(env, buildPayload(rules, namespace, Date.now()));
    if (status === 202) sent.delete(namespace);
    lines.push(`Alertmanager: ${rules.length} alerts of ${namespace} are resolved. Answer: ${status} ${text}`);
  }
  return lines.join('\n') || 'No alert fires: /alert';
}

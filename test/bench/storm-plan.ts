import type { Firing } from './send-alerts.ts';

/** One delivery of a storm. */
export interface Delivery {
  /** When it is sent, ms since the storm began, whatever became of those before. */
  atMs: number;
  sender: number;
  alerts: Firing[];
}

export interface StormOrder {
  alerts: number;
  lastsMs: number;
  senders: number;
  domains: readonly string[];
  startsAt: number;
}

/** Every fourth alert comes in a delivery of so many; the others come alone. */
const BATCH = 100;
const BATCHED = 4;

/** Alerts over all failure domains, each of which fails once; evenly over the time, each sender in its turn. */
export function planStorm({ alerts, lastsMs, senders, domains, startsAt }: StormOrder): Delivery[] {
  const all = Array.from({ length: alerts }, (_, number): Firing => {
    return { namespace: domains[number % domains.length] ?? '', number, startsAt };
  });
  const batched = all.splice(0, Math.floor(alerts / BATCHED / BATCH) * BATCH);
  const alone = all.map((alert) => [alert]);
  const batches = Array.from({ length: batched.length / BATCH }, (_, at) =>
    batched.slice(at * BATCH, (at + 1) * BATCH),
  );
  const spread = (groups: Firing[][]): Delivery[] =>
    groups.map((group, at) => ({ atMs: (at * lastsMs) / groups.length, sender: at % senders, alerts: group }));
  return [...spread(alone), ...spread(batches)].sort((a, b) => a.atMs - b.atMs);
}

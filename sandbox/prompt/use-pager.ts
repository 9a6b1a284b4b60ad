import type { SandboxPagerDuty } from '../pagerduty/start-pagerduty.ts';

export const PAGER_HELP = `On the telephone:       /pages   /ack <number>   /resolve <number>   /escalate <number>   /pagerduty down|up`;

const ACTS = { ack: 'acknowledge', resolve: 'resolve', escalate: 'escalate' } as const;
const isAct = (verb: string): verb is keyof typeof ACTS => Object.hasOwn(ACTS, verb);

/** What a person does with their pager; what to say of it, or undefined where it is nothing of the pager's. */
export async function usePager(
  { pages, people, incident, faults }: SandboxPagerDuty,
  user: string,
  [verb, what]: readonly [verb: string, what: string],
): Promise<string | undefined> {
  if (verb === 'pages') {
    const lines = pages().map((page) => {
      const { incident_number: number, status } = incident(page.incident);
      const time = new Date(page.at).toISOString().slice(11, 19);
      return `${time} ${page.user}: #${number} ${page.title} (${page.why}; now ${status})`;
    });
    return lines.join('\n') || "Nobody's telephone has rung.";
  }
  if (isAct(verb)) {
    people[ACTS[verb]](user, Number(what));
    return `#${what} is ${incident(Number(what))['status']}`;
  }
  if (verb !== 'pagerduty' || (what !== 'down' && what !== 'up')) return undefined;
  await faults[what]();
  return `PagerDuty is ${what}`;
}

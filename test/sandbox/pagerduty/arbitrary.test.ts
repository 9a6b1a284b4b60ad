import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SandboxPagerDuty, startPagerDuty } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { ask, newIncident, payload, put, send, still } from './bench.ts';

const KEYS = ['a', 'b'] as const;
const STEPS = [
  'rest',
  'event',
  'ack by event',
  'resolve by event',
  'ack',
  'ack in the app',
  'resolve',
  'wait',
] as const;
type Step = { step: (typeof STEPS)[number]; key: (typeof KEYS)[number] };
type Shown = { id: string; status: string };

const find = (pagerDuty: SandboxPagerDuty, key: string): Shown | undefined => {
  try {
    return pagerDuty.incident(key) as Shown;
  } catch {
    return undefined;
  }
};

async function take(pagerDuty: SandboxPagerDuty, { step, key }: Step): Promise<void> {
  const incident = find(pagerDuty, key);
  const isOpen = incident !== undefined && incident.status !== 'resolved';
  if (step === 'rest') await ask(pagerDuty, 'POST /incidents', newIncident(pagerDuty, { incident_key: key }));
  else if (step === 'event') await send(pagerDuty, { event_action: 'trigger', dedup_key: key, payload });
  else if (step === 'ack by event') await send(pagerDuty, { event_action: 'acknowledge', dedup_key: key });
  else if (step === 'resolve by event') await send(pagerDuty, { event_action: 'resolve', dedup_key: key });
  else if (step === 'wait') pagerDuty.clock.advance(7 * 60_000);
  else if (isOpen && step === 'ack') await put(pagerDuty, incident.id, { status: 'acknowledged' });
  else if (isOpen && step === 'ack in the app') pagerDuty.people.acknowledge('oncall', incident.id);
  else if (isOpen) await put(pagerDuty, incident.id, { status: 'resolved' });
}

test('in any order: one open incident a key, paged for once, and silent once somebody has it', async () => {
  const steps = fc.array(fc.record({ step: fc.constantFrom(...STEPS), key: fc.constantFrom(...KEYS) }), {
    maxLength: 14,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const pagerDuty = await startPagerDuty(still);
      try {
        for (const each of taken) {
          const quiet = (pagerDuty.incidents() as Shown[]).filter(({ status }) => status !== 'triggered');
          const before = pagerDuty.pages();
          await take(pagerDuty, each);
          const rung = pagerDuty.pages().slice(before.length);
          expect(rung.filter(({ incident }) => quiet.some(({ id }) => id === incident))).toEqual([]);
        }
        const all = pagerDuty.incidents() as Shown[];
        const opened = pagerDuty.pages().filter(({ why }) => why === 'triggered');
        expect(opened.map(({ incident }) => incident)).toEqual(all.map(({ id }) => id));
        expect(all.filter(({ status }) => status !== 'resolved').length).toBeLessThanOrEqual(KEYS.length);
      } finally {
        await pagerDuty.close();
      }
    }),
    { numRuns: 60 },
  );
});

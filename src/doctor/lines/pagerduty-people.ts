import { ok, unchecked, warning } from '../../domain/diagnosis.ts';
import type { OnCall } from '../../incident-ports.ts';
import type { ChatInspection } from '../../inspection-ports.ts';
import { defineExamination } from '../examination.ts';

const LINE = 'pagerduty people';
/** How many people Slack is asked about: it allows 50 such questions a minute. */
const MOST = 40;

/** Whether everybody who is on call now can be found in Slack, which is by e-mail address only. */
export const examination = defineExamination({
  name: LINE,
  about: 'installation',
  examine: async ({ pager, chat, signal }) => {
    if (pager === undefined || chat === undefined) return [];
    const people = [...new Map((await pager.onCall(signal)).map((person) => [person.id, person])).values()];
    if (people.length === 0) return [];
    const asked = people.slice(0, MOST);
    const lost = (await Promise.all(asked.map((person) => explainLost(chat, person, signal)))).flat();
    const unasked = people.length - asked.length;
    const many = unasked > 0 ? [unchecked(LINE, `${unasked} more people on call: too many to ask`)] : [];
    if (lost.length === 0) return [ok(LINE, `${asked.length} on call are found in Slack`), ...many];
    const remedy =
      'Give them the same e-mail address in PagerDuty and in Slack; until then they are paged, and have to be invited into the room by hand.';
    return [warning(LINE, `on call, and not found in Slack: ${lost.join('; ')}`, remedy), ...many];
  },
});

async function explainLost(chat: ChatInspection, { name, email }: OnCall, signal: AbortSignal): Promise<string[]> {
  if (email === undefined) return [`${name} (no e-mail address in PagerDuty)`];
  return (await chat.memberByEmail(email, signal)) === undefined ? [`${name} (${email})`] : [];
}

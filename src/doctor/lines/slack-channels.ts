import { type Diagnosis, ok, red, unused, warning } from '../../domain/diagnosis.ts';
import type { ChatInspection } from '../../inspection-ports.ts';
import { defineExamination } from '../examination.ts';

/** Whether the bot is in the channels that it is to post in. */
export const examination = defineExamination({
  name: 'slack channels',
  about: 'installation',
  examine: async ({ chat, channels, signal }) => {
    if (chat === undefined) return [];
    const { SLACK_INCIDENTS_CHANNEL: incidents, SLACK_STAKEHOLDERS_CHANNEL: stakeholders } = channels;
    const judged = [
      incidents === undefined
        ? warning(
            'slack channel',
            'no incidents channel is configured',
            'Name one in SLACK_INCIDENTS_CHANNEL, so that what cannot be said elsewhere is said there.',
          )
        : judgeChannel(chat, 'SLACK_INCIDENTS_CHANNEL', incidents, signal),
      stakeholders === undefined
        ? unused('slack stakeholders', 'not configured (SLACK_STAKEHOLDERS_CHANNEL)')
        : judgeChannel(chat, 'SLACK_STAKEHOLDERS_CHANNEL', stakeholders, signal),
    ];
    return Promise.all(judged);
  },
});

async function judgeChannel(
  chat: ChatInspection,
  variable: string,
  wanted: string,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const bare = wanted.replace(/^#/, '');
  const found = await chat.channel(wanted, signal);
  const line = `slack channel ${bare}`;
  if (found === undefined)
    return red(
      line,
      'there is none that the bot can see',
      `Correct ${variable}; in a private channel also: /invite @muster`,
    );
  if (found.archived) return red(line, `#${found.name} is archived`, `Unarchive it, or name another in ${variable}.`);
  if (!found.member) return red(line, `the bot is not in #${found.name}`, `In that channel: /invite @muster`);
  return ok(line, `the bot is in #${found.name}`);
}

import { ok, unused } from '../../domain/diagnosis.ts';
import { defineExamination } from '../examination.ts';

/** Whether Slack answers, and knows our token. */
export const examination = defineExamination({
  name: 'slack',
  about: 'installation',
  vital: true,
  examine: async ({ chat, signal }) => {
    if (chat === undefined)
      return [unused('slack', 'not configured (SLACK_BOT_TOKEN): commands come from the terminal only')];
    const { team, user } = await chat.identity(signal);
    return [ok('slack', `the token is valid: ${user} in ${team}`)];
  },
});

import { ok, red, unchecked } from '../../domain/diagnosis.ts';
import { BOT_SCOPES } from '../../domain/slack-app.ts';
import { defineExamination } from '../examination.ts';

/** Whether the token was granted what the manifest asks for. */
export const examination = defineExamination({
  name: 'slack scopes',
  about: 'installation',
  examine: async ({ chat, signal }) => {
    if (chat === undefined) return [];
    const line = 'slack scopes';
    const { scopes } = await chat.identity(signal);
    if (scopes === undefined || scopes.length === 0) return [unchecked(line, 'Slack does not tell which were granted')];
    const missing = BOT_SCOPES.filter(({ scope }) => !scopes.includes(scope));
    if (missing.length === 0) return [ok(line, `all ${BOT_SCOPES.length} of the manifest are granted`)];
    const lost = missing.map(({ scope, why }) => `${scope} (${why})`).join(', ');
    return [
      red(
        line,
        `not granted: ${lost}`,
        'Add them at api.slack.com/apps (OAuth & Permissions), and install the app again.',
      ),
    ];
  },
});

import type { Channel, User } from '../slack-types.ts';
import type { Workspace } from '../workspace.ts';

/** What Slack itself tells this person when the app did not answer as it should. */
export function showTrouble(workspace: Workspace, channel: Channel, user: User, text: string): void {
  workspace.ephemerals.push({
    channel: channel.id,
    to: user.id,
    how: 'slack',
    message: { type: 'message', ts: workspace.nextTs(), user: 'USLACKBOT', text, team: workspace.team.id },
  });
}

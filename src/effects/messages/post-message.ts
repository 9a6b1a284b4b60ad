import { hashJson } from '../../domain/digest.ts';
import type { IncidentState } from '../../domain/incident.ts';
import type { EffectResult } from '../../domain/incident-events.ts';
import { roomOf } from '../../domain/incident-room.ts';
import { DrError } from '../../errors.ts';
import type { EffectContext } from '../../incident-contracts.ts';

/** By what a message is found again at Slack: no two effects of any incident share it. */
export function metadataKey({ view, key }: Pick<EffectContext, 'view' | 'key'>): string {
  return `incident/${view.state.opening.incident}/${key}`;
}

/** Posts what this effect is to say there, once. */
export async function postMessage(context: EffectContext, channel: string): Promise<EffectResult> {
  const message = await context.render();
  const posted = await context.chat.post({ channel, key: metadataKey(context), message }, context.signal);
  return { ...posted, shows: hashJson(message) };
}

/** What an earlier attempt has posted there. */
export async function findMessage(context: EffectContext, channel: string): Promise<EffectResult | undefined> {
  return context.chat.find(channel, metadataKey(context), context.signal);
}

/** The room's channel, for effects that are wanted only once it is open. */
export function roomChannel(state: IncidentState): string {
  const room = roomOf(state);
  if (room !== undefined) return room.channel;
  throw new DrError({
    code: 'INCIDENT_STATE',
    message: `The room of incident ${state.opening.incident} is not open.`,
    action: 'Report this with the log lines around it.',
  });
}

import type { Workspace } from '../workspace.ts';

const plainText = (text: string): string => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

/** A terminal obeys control characters; a text from outside must not give it orders. */
export function cleanText(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '').replace(/\p{Cf}/gu, '');
}

function renderEntity(workspace: Workspace, target: string, label: string | undefined): string {
  const name = /^@(.+)$/.exec(target)?.[1];
  if (name !== undefined) return `@${workspace.users.get(name)?.name ?? label ?? name}`;
  const channel = /^#(.+)$/.exec(target)?.[1];
  if (channel !== undefined) return `#${workspace.channels.get(channel)?.name ?? label ?? channel}`;
  const group = /^!subteam\^(.+)$/.exec(target)?.[1];
  if (group !== undefined) return `@${workspace.groups.get(group)?.handle ?? label?.replace(/^@/, '') ?? group}`;
  if (target.startsWith('!date^')) return label ?? target;
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  if (target.startsWith('mailto:')) return label ?? target.slice('mailto:'.length);
  return label === undefined || label === target ? target : `${label} (${target})`;
}

const ENTITY = /<((?:@[UW]|#C|#G|!|https?:|mailto:|[a-z][a-z0-9+.-]*:\/\/)[^>|\n]*)(?:\|([^>\n]*))?>/g;

/** Slack's markup as a person reads it: names in place of ids, links with their addresses; `*bold*` stays as it is. */
export function renderMrkdwn(workspace: Workspace, text: string): string {
  const shown = text.replace(ENTITY, (_whole, target: string, label: string | undefined) =>
    renderEntity(workspace, target, label),
  );
  return cleanText(plainText(shown));
}

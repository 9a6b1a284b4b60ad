import type { MethodEntry } from './methods/method-table.ts';
import { SlackError } from './slack-error.ts';
import type { ChannelKind } from './slack-types.ts';

const PREFIXES: Readonly<Record<ChannelKind, string>> = {
  public: 'channels:',
  private: 'groups:',
  im: 'im:',
  mpim: 'mpim:',
};

/** Refuses a call whose scope was not granted, as Slack does: with what it needs and what it has. */
export function checkScope(entry: MethodEntry, granted: ReadonlySet<string>, kind: ChannelKind | undefined): void {
  const { scopes } = entry;
  if (scopes.length === 0) return;
  const own = kind === undefined ? [] : scopes.filter((scope) => scope.startsWith(PREFIXES[kind]));
  const needed = own.length > 0 ? own : scopes;
  if (!needed.some((scope) => granted.has(scope)))
    throw new SlackError('missing_scope', { needed: needed.join(','), provided: [...granted].sort().join(',') });
}

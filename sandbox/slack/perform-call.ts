import { type Arguments, readFlag, readText } from './arguments.ts';
import type { MethodContext } from './methods/method.ts';
import { METHODS } from './methods/method-table.ts';
import { checkScope } from './scopes.ts';
import { SlackError } from './slack-error.ts';
import type { ChannelKind } from './slack-types.ts';

export interface Tokens {
  bot: string;
  app: string;
}

function checkToken(tokens: Tokens, token: string | undefined, wanted: keyof Tokens): void {
  if (token === undefined) throw new SlackError('not_authed');
  if (token === tokens[wanted]) return;
  throw new SlackError(Object.values(tokens).includes(token) ? 'not_allowed_token_type' : 'invalid_auth');
}

function kindOf({ workspace }: MethodContext, method: string, args: Arguments): ChannelKind | undefined {
  if (method === 'conversations.create') return readFlag(args, 'is_private') ? 'private' : 'public';
  return workspace.channels.get(readText(args, 'channel') ?? '')?.kind;
}

/** Runs a method of the Web API for this token, or throws Slack's refusal. */
export function performCall(
  context: MethodContext,
  tokens: Tokens,
  call: { method: string; args: Arguments; token: string | undefined },
): Record<string, unknown> {
  const { method, args, token } = call;
  const entry = METHODS[method];
  if (entry === undefined) throw new SlackError('unknown_method', { req_method: method });
  if (method !== 'api.test') checkToken(tokens, token, entry.token ?? 'bot');
  checkScope(entry, entry.token === 'app' ? context.appGranted : context.granted, kindOf(context, method, args));
  return entry.run(context, args);
}

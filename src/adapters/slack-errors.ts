import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { DrError, type ErrorCode } from '../errors.ts';

/** Slack's words for "who are you": a person has to put the app in order, and then the same call works. */
const IDENTITY = new Set([
  ...['not_authed', 'invalid_auth', 'token_revoked', 'token_expired', 'account_inactive', 'missing_scope'],
  ...['no_permission', 'not_allowed_token_type', 'access_denied', 'team_access_not_granted', 'ekm_access_denied'],
  ...['org_login_required', 'enterprise_is_restricted', 'two_factor_setup_required', 'accesslimited'],
]);
/** Slack stumbled on the way; its own pages say that some of the call may have been done. */
const STUMBLED = new Set(['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable']);
const NOT_NOW = new Set(['ratelimited', 'rate_limited', 'team_added_to_org', 'message_limit_exceeded']);

/** What the network says when nothing was sent. */
const NOT_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'],
]);

const ACTIONS = {
  CHAT_UNREACHABLE: 'Wait, or check that Slack can be reached from here and SLACK_API_URL; the run goes on without it.',
  CHAT_UNANSWERED: 'Wait; Muster looks whether it arrived before it tries again.',
  CHAT_REFUSED:
    "Look up Slack's word, and put the channel in order: it must exist, not be archived, and have the bot in it.",
  CHAT_FORBIDDEN:
    "Put the app in order in Slack's settings (token, scopes, workspace), and set SLACK_BOT_TOKEN anew if it changed.",
  CHAT_NAME_TAKEN: 'Muster looks whether the channel is its own, and takes another name where it is not.',
} satisfies Partial<Record<ErrorCode, string>>;

/** What Slack's word means, where it is about a channel. */
const MEANINGS: Record<string, string> = {
  is_archived: 'the channel is archived',
  not_in_channel: 'the bot is not in the channel',
  channel_not_found: 'there is no such channel, or it is a private one without the bot',
  restricted_action: "the workspace's settings do not let the bot",
};
const FINAL: string[] = ['CHAT_REFUSED', 'CHAT_NAME_TAKEN'];

export function chatError(
  code: keyof typeof ACTIONS,
  message: string,
  facts: { cause?: unknown; retryAfterMs?: number } = {},
): DrError {
  return new DrError({ code, message, action: ACTIONS[code], retryable: !FINAL.includes(code), ...facts });
}

/** Whatever a call of Slack's client threw, by what it means: not taken, perhaps taken, refused, or not for us. */
export function explainSlackError(method: string, thrown: unknown): DrError {
  if (thrown instanceof DrError) return thrown;
  if (thrown instanceof WebAPIPlatformError) return explainAnswer(method, thrown);
  if (thrown instanceof WebAPIRateLimitedError) return rateLimited(method, thrown.retryAfter, thrown);
  if (thrown instanceof WebAPIHTTPError) return explainStatus(method, thrown.statusCode, thrown);
  if (thrown instanceof WebAPIRequestError) return explainFault(method, thrown.original);
  // The client has no class for a 429 without a usable Retry-After.
  if (thrown instanceof Error && thrown.message.startsWith('Retry header'))
    return rateLimited(method, undefined, thrown);
  return explainFault(method, thrown);
}

/** Slack's own word for what is wrong, if that is what it is: a proxy's page must not get into a message. */
export function slackWord(thrown: unknown): string | undefined {
  if (!(thrown instanceof WebAPIPlatformError)) return undefined;
  const word: unknown = thrown.data.error;
  return typeof word === 'string' && /^[a-z0-9_:.-]{1,80}$/i.test(word) ? word : undefined;
}

function explainAnswer(method: string, thrown: WebAPIPlatformError): DrError {
  const word = slackWord(thrown);
  if (word === undefined) return chatError('CHAT_UNANSWERED', `What came back for ${method} is not from Slack's API.`);
  const said = `Slack answered ${method} with ${word}`;
  if (NOT_NOW.has(word)) return rateLimited(method, thrown.data.response_metadata?.retryAfter, thrown);
  if (STUMBLED.has(word)) return chatError('CHAT_UNANSWERED', `${said}.`, { cause: thrown });
  if (!IDENTITY.has(word)) {
    const meaning = MEANINGS[word];
    return chatError('CHAT_REFUSED', `${said}${meaning === undefined ? '' : `: ${meaning}`}.`, { cause: thrown });
  }
  const needed: unknown = Reflect.get(thrown.data, 'needed');
  const scopes = typeof needed === 'string' && /^[\w:., -]{1,200}$/.test(needed) ? `: it needs ${needed}` : '';
  return chatError('CHAT_FORBIDDEN', `${said}${scopes}.`, { cause: thrown });
}

function rateLimited(method: string, seconds: number | undefined, cause: unknown): DrError {
  const known = seconds !== undefined && seconds >= 0;
  const wait = known ? `wait ${seconds} s` : 'wait';
  return chatError('CHAT_UNREACHABLE', `Slack asks us to ${wait} before ${method}.`, {
    cause,
    ...(known ? { retryAfterMs: seconds * 1_000 } : {}),
  });
}

/** Slack's API uses no status but 200 and 429, so any other comes from what is in front of it. */
export function explainStatus(method: string, status: number, cause?: unknown): DrError {
  const code = status >= 500 ? 'CHAT_UNANSWERED' : 'CHAT_UNREACHABLE';
  return chatError(code, `Slack answered ${method} with HTTP ${status}.`, { cause });
}

/** A connection that never came about took nothing; of any other fault nobody knows. */
export function explainFault(method: string, thrown: unknown): DrError {
  const code = codeOf(thrown);
  if (code !== undefined && NOT_SENT.has(code)) {
    return chatError('CHAT_UNREACHABLE', `Slack cannot be reached for ${method}: ${code}.`, { cause: thrown });
  }
  const late = thrown instanceof Error && ['TimeoutError', 'AbortError'].includes(thrown.name);
  const reason = late ? 'no answer in time' : `the connection broke${code === undefined ? '' : ` (${code})`}`;
  return chatError('CHAT_UNANSWERED', `Slack did not answer ${method}: ${reason}.`, { cause: thrown });
}

/** The system's code of a fault, which fetch wraps once or twice. */
function codeOf(thrown: unknown): string | undefined {
  for (let at: unknown = thrown, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && at.code !== 'slack_webapi_request_error') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return undefined;
}

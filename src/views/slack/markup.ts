import type { Actor } from '../../domain/actor.ts';
import type { PostContext } from '../../domain/post-context.ts';

/**
 * Text for Slack. Whatever comes from outside (backups, logs, reasons, names) passes `disarm` before it gets into a sentence, and every
 * sentence is escaped; so the only mentions that stay live are those of `renderActor` and those made here from ids.
 */

const MEMBER = /^[UW][A-Z0-9]{2,}$/;
const USER_GROUP = /^S[A-Z0-9]{2,}$/;
/** Stands between the characters of a sequence that Slack, or our own `escapeSentence`, would take for more than text. */
const JOINER = '\u2060';

/** One line of text that is only text: no markup sequence, no code fence, no control or bidirectional characters. */
export function disarm(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
      .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
      .replace(/`/g, 'ˋ')
      // At the end too: the sentence may go on with what makes it a mention.
      .replace(/<(?=[@!#]|$)/g, `<${JOINER}`)
  );
}

/** A finished line of an answer that only its asker sees: a member's name in it notifies nobody, everything else is only text. */
export function disarmReply(line: string): string {
  return line
    .split(/(<@[UW][A-Z0-9]{2,}>)/)
    .map((part, index) => (index % 2 === 1 ? part : disarm(part)))
    .join('');
}

/** The same context with every text in it disarmed, however deep. */
export function disarmContext(context: PostContext): PostContext {
  const { approvers } = context;
  return {
    ...context,
    state: disarmValue(context.state),
    approvers: { ...approvers, breakGlass: approvers.breakGlass.map(disarm) },
    progress: context.progress === undefined ? undefined : disarm(context.progress),
  };
}

export function disarmValue<T>(value: T): T {
  return disarmAny(value) as T;
}

function disarmAny(value: unknown): unknown {
  if (typeof value === 'string') return disarm(value);
  if (Array.isArray(value)) return value.map(disarmAny);
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [disarmAny(key), disarmAny(inner)]));
  if (value instanceof Set) return new Set([...value].map(disarmAny));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, disarmAny(inner)]);
  const copy = Object.fromEntries(entries);
  // Such an id would be taken apart again by whatever is in it.
  if (copy.kind === 'slack' && typeof copy.user === 'string' && !MEMBER.test(copy.user))
    copy.user = copy.user.replace(/[^a-z0-9]/gi, '?').toLowerCase();
  return copy;
}

/** `&`, `<` and `>` as Slack wants them where they are only text. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A sentence whose parts are disarmed: the mentions that `renderActor` wrote stay live. */
export function escapeSentence(sentence: string): string {
  return escapeText(sentence).replace(/&lt;(@[UW][A-Z0-9]{2,})&gt;/g, '<$1>');
}

export function bold(sentence: string): string {
  return strong(escapeSentence(sentence));
}

/** What is markup already, in bold; Slack takes blanks at the ends for no bold at all. */
export function strong(markup: string): string {
  const text = markup.trim().replaceAll('*', '∗');
  return text === '' ? '' : `*${text}*`;
}

export function code(text: string): string {
  return `\`${escapeText(disarm(text))}\``;
}

/** Only what is a link: anything else gives the label without one. */
export function link(url: string | undefined, label: string): string {
  const plain = escapeText(label);
  if (url === undefined || !/^https?:\/\/(?:(?![<>|`])[!-~]){1,2000}$/.test(url)) return plain;
  return `<${url.replaceAll('&', '&amp;')}|${plain}>`;
}

/** Lines for a file, in which Slack resolves no mention. */
export function joinForFile(lines: readonly string[]): string {
  return `${lines.join('\n').replace(/<@([^<>]*)>/g, '@$1')}\n`;
}

/** Makes a Slack user look up; nothing for anybody else. */
export function mention(actor: Actor | undefined): string[] {
  return actor?.kind === 'slack' && MEMBER.test(actor.user) ? [`<@${actor.user}>`] : [];
}

/** More names than this are not read, and each is a notification. */
const MENTIONS = 20;

export function mentionApprovers({ users, groups }: PostContext['approvers']): string[] {
  const all = [
    ...groups.filter((id) => USER_GROUP.test(id)).map((id) => `<!subteam^${id}>`),
    ...users.filter((id) => MEMBER.test(id)).map((id) => `<@${id}>`),
  ];
  const kept = [...new Set(all)].slice(0, MENTIONS);
  const more = new Set(all).size - kept.length;
  return more > 0 ? [...kept, `and ${more} more`] : kept;
}

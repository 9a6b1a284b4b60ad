/** The one tokenizer of command lines: Slack, the terminal and buttons all come through here. */

const LONGEST = 2_000;
const STRAIGHT = new Set(['"', "'"]);
const DOUBLE = new Set(['"', '“', '”', '„', '‟']);
const GUILLEMETS = new Set(['«', '»']);
const SINGLE = new Set(["'", '‘', '’', '‚', '‛']);
/** What Slack and browsers leave behind when text is copied; nobody can see it. */
const INVISIBLE = /[\u00AD\u200B-\u200F\u2060\uFEFF]/;
/** Joiners make up emoji and letters of some scripts, so quoted text keeps them. */
const JOINERS = /[\u200C\u200D]/;
/** C0 and C1 controls but tab and line ends, and the bidirectional ones that make text show as something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;
/** Autocorrection turns `--dry-run` into `—dry-run`. */
const DASH_AT_START = /^[\u2012-\u2015\u2212]-?(?=\p{L})/u;

/** `at` is the index in the text at which the problem begins. */
export type Tokens = { tokens: string[] } | { problem: string; at: number };

/**
 * Splits a command line into words. Quotes (straight, curly, guillemets) hold words together and open at a word's start or
 * after `=`; elsewhere a single quote is an apostrophe. In double quotes a backslash takes a quote or backslash literally.
 * NBSP separates like a space, invisible characters are dropped, a long dash before a letter becomes `--`.
 */
export function tokenize(text: string): Tokens {
  if (text.length > LONGEST) return { problem: `the text is longer than ${LONGEST} characters`, at: LONGEST };
  const control = text.search(CONTROL);
  if (control >= 0) return { problem: `there is a control character (${codeOf(text, control)})`, at: control };
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (isGap(text, at)) {
      at += 1;
      continue;
    }
    const word = readWord(text, at);
    if ('problem' in word) return word;
    if (word.token !== undefined) tokens.push(word.token);
    at = word.end;
  }
  return { tokens };
}

/** A token as it has to be written so that `tokenize` gives it back, for any text without control characters. */
export function quoteToken(token: string): string {
  if (/^[\w./:=@%+,-]+$/.test(token)) return token;
  return `"${token.replace(/["“”„‟\\\u00AD\u200B-\u200F\u2060\uFEFF]/g, '\\$&')}"`;
}

type Piece = { text: string; end: number };
type Stop = { problem: string; at: number };

/** One word from `start` to the next gap; a word of nothing but invisible characters is no token. */
function readWord(text: string, start: number): { token: string | undefined; end: number } | Stop {
  let token = '';
  let at = start;
  let quoted = false;
  while (at < text.length && !isGap(text, at)) {
    const char = text.charAt(at);
    const opens = token === '' || token.endsWith('=');
    if (INVISIBLE.test(char)) {
      at += 1;
    } else if (isQuote(char) && opens && !quoted) {
      const piece = readQuoted(text, at);
      if ('problem' in piece) return piece;
      token = token === '' ? piece.text : fixDash(token) + piece.text;
      quoted = true;
      at = piece.end;
    } else if (quoted) {
      return { problem: 'a space is missing after the closing quote', at };
    } else if (DOUBLE.has(char)) {
      return { problem: 'a quote in the middle of a word', at };
    } else {
      token += char;
      at += 1;
    }
  }
  if (quoted) return { token, end: at };
  return { token: token === '' ? undefined : fixDash(token), end: at };
}

function fixDash(token: string): string {
  return token.replace(DASH_AT_START, '--');
}

/** The text between the quote at `open` and its partner. */
function readQuoted(text: string, open: number): Piece | Stop {
  const quote = text.charAt(open);
  const escapes = DOUBLE.has(quote);
  let content = '';
  let at = open + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (closes(quote, char, next)) return { text: content, end: at + 1 };
    if (escapes && char === '\\' && isEscapable(next)) {
      content += next;
      at += 2;
      continue;
    }
    if (!INVISIBLE.test(char) || JOINERS.test(char)) content += char;
    at += 1;
  }
  return { problem: `the quote ${quote} is never closed`, at: open };
}

/** Straight quotes pair with themselves, curly ones with any of their family; `’` before a letter is an apostrophe. */
function closes(open: string, char: string, next: string): boolean {
  if (STRAIGHT.has(open)) return char === open;
  if (STRAIGHT.has(char)) return false;
  if (GUILLEMETS.has(open)) return GUILLEMETS.has(char);
  if (DOUBLE.has(open)) return DOUBLE.has(char);
  return SINGLE.has(char) && !/[\p{L}\p{N}]/u.test(next);
}

function isQuote(char: string): boolean {
  return DOUBLE.has(char) || SINGLE.has(char) || GUILLEMETS.has(char);
}

function isEscapable(char: string): boolean {
  return char === '\\' || DOUBLE.has(char) || INVISIBLE.test(char);
}

/** `\s` counts NBSP and U+FEFF; the latter is invisible and joins. */
function isGap(text: string, at: number): boolean {
  const char = text.charAt(at);
  return /\s/.test(char) && !INVISIBLE.test(char);
}

function codeOf(text: string, at: number): string {
  return `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`;
}

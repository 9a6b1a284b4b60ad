/** The Redis protocol, versions 2 and 3, as far as a proxy must see where one value ends and the next begins. */

const AGGREGATES: Record<string, number> = { '*': 1, '~': 1, '>': 1, '%': 2 };
const BULKS = ['$', '!', '='];
const LINES = ['+', '-', ':', '_', ',', '#', '('];
const LINE_END = '\r\n';

/** Takes the whole values off the front of what has come in so far. @throws Error for what is not the protocol */
export function takeValues(data: Buffer): { values: Buffer[]; rest: Buffer } {
  const values: Buffer[] = [];
  let at = 0;
  for (let end = endOfValue(data, at); end !== undefined; end = endOfValue(data, at)) {
    values.push(data.subarray(at, end));
    at = end;
  }
  return { values, rest: data.subarray(at) };
}

/** A client's command, an array of bulk strings, as its words. */
export function readWords(command: Buffer): string[] {
  const words: string[] = [];
  let at = lineAt(command, 0)?.next ?? command.length;
  while (at < command.length) {
    const head = lineAt(command, at);
    const end = endOfValue(command, at);
    if (head === undefined || end === undefined) throw new Error('This command is not an array of strings');
    words.push(command.toString('utf8', head.next, end - LINE_END.length));
    at = end;
  }
  return words;
}

/** Pushes come in between and answer no command. */
export function isPush(value: Buffer): boolean {
  return value[0] === '>'.charCodeAt(0);
}

/** Where the value that begins at `at` ends; undefined while it is not all there. */
function endOfValue(data: Buffer, at: number): number | undefined {
  const line = lineAt(data, at);
  if (line === undefined) return undefined;
  const { sign, text, next } = line;
  if (LINES.includes(sign)) return next;
  const length = Number(text);
  if (BULKS.includes(sign)) return endOfBulk(data, next, length);
  const values = (AGGREGATES[sign] ?? Number.NaN) * length;
  if (Number.isNaN(values)) throw new Error(`Not the Redis protocol: ${data.toString('utf8', at, at + 40)}`);
  let end: number | undefined = next;
  for (let i = 0; i < values && end !== undefined; i += 1) end = endOfValue(data, end);
  return end;
}

function endOfBulk(data: Buffer, at: number, length: number): number | undefined {
  if (length < 0) return at;
  const end = at + length + LINE_END.length;
  return end <= data.length ? end : undefined;
}

function lineAt(data: Buffer, at: number): { sign: string; text: string; next: number } | undefined {
  const end = data.indexOf(LINE_END, at);
  if (end === -1) return undefined;
  return {
    sign: data.toString('latin1', at, at + 1),
    text: data.toString('latin1', at + 1, end),
    next: end + LINE_END.length,
  };
}

import { type Arguments, readInteger, readText } from './arguments.ts';
import { LIMITS } from './limits.ts';
import { SlackError } from './slack-error.ts';

export interface Page<T> {
  items: T[];
  hasMore: boolean;
  next: string;
}

const encode = (position: string): string => Buffer.from(`next:${position}`).toString('base64');

function decode(cursor: string): string {
  const position = /^next:(.+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  if (position === undefined) throw new SlackError('invalid_cursor');
  return position;
}

/** The page that `limit` and `cursor` ask for. `idOf` says where a page starts, whatever was added since. */
export function readPage<T>(args: Arguments, items: readonly T[], idOf: (item: T) => string, usual = 100): Page<T> {
  const limit = readInteger(args, 'limit') ?? usual;
  if (limit < 0 || limit > LIMITS.page) throw new SlackError('invalid_limit');
  const cursor = readText(args, 'cursor') ?? '';
  const start = cursor === '' ? 0 : items.findIndex((item) => idOf(item) === decode(cursor));
  if (start < 0) throw new SlackError('invalid_cursor');
  const size = limit === 0 ? usual : limit;
  const following = items[start + size];
  return {
    items: items.slice(start, start + size),
    hasMore: following !== undefined,
    next: following === undefined ? '' : encode(idOf(following)),
  };
}

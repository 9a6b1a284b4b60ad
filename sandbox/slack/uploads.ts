import type { StoredFile } from './slack-types.ts';

/** A file between asking for its upload URL and sharing it. */
export interface Upload {
  id: string;
  /** What makes the upload URL hard to guess. */
  secret: string;
  filename: string;
  length: number;
  content: Buffer | undefined;
  /** Set once it is completed. */
  file: StoredFile | undefined;
}

export type Uploads = Map<string, Upload>;

const MIME_TYPES: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  md: 'text/markdown',
  log: 'text/plain',
  json: 'application/json',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  csv: 'text/csv',
  html: 'text/html',
  png: 'image/png',
  gz: 'application/gzip',
};

export function typeOf(filename: string): { filetype: string; mimetype: string } {
  const ending = /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
  const mimetype = MIME_TYPES[ending];
  return mimetype === undefined
    ? { filetype: 'binary', mimetype: 'application/octet-stream' }
    : { filetype: ending === 'txt' ? 'text' : ending, mimetype };
}

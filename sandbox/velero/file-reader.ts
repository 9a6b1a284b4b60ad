import type { Bucket } from './bucket.ts';
import type { VeleroFaults } from './faults.ts';

const HUGE_CHARACTERS = 64 * 1024 * 1024;

/** A file of the bucket: its text, which is sent as gzip; or what is sent in its place. */
export type StoredFile = string | { bytes: string } | { redirect: string };

/** Reads a file of the bucket; undefined where there is none. */
export type ReadFile = (path: string) => StoredFile | undefined;

/** Reads the bucket's files as they are, but for results that are made to be missing, huge or wrong. */
export function createFileReader(bucket: Bucket, faults: VeleroFaults): ReadFile {
  return (path) => {
    const file = bucket.files.get(path);
    const content = typeof file === 'function' ? file() : file;
    const { results } = faults;
    if (faults.file !== undefined && path.startsWith(faults.file.path)) return faults.file.instead;
    if (!path.startsWith('RestoreResults/') || results === undefined) return content;
    if (typeof results === 'object')
      return 'error' in results ? JSON.stringify({ warnings: {}, errors: { velero: [results.error] } }) : content;
    switch (results) {
      case 'missing':
        return undefined;
      case 'huge':
        return JSON.stringify({ warnings: { velero: ['x'.repeat(HUGE_CHARACTERS)] }, errors: {} });
      case 'garbage':
        return { bytes: '<html>Bad Gateway</html>' };
      case 'redirect':
        return { redirect: 'http://files.example.com/results.gz' };
    }
  };
}

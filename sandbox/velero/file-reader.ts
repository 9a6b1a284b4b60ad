import type { Bucket } from './bucket.ts';
import type { VeleroFaults } from './faults.ts';

const HUGE_CHARACTERS = 64 * 1024 * 1024;

/** Reads a file of the bucket; undefined where there is none. */
export type ReadFile = (path: string) => string | undefined;

/** Reads the bucket's files as they are, but for results that are made to be missing or huge. */
export function createFileReader(bucket: Bucket, faults: VeleroFaults): ReadFile {
  return (path) => {
    const file = bucket.files.get(path);
    const content = typeof file === 'function' ? file() : file;
    if (!path.startsWith('RestoreResults/')) return content;
    if (faults.results === 'missing') return undefined;
    if (faults.results !== 'huge') return content;
    return JSON.stringify({ warnings: { velero: ['x'.repeat(HUGE_CHARACTERS)] }, errors: {} });
  };
}

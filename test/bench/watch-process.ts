import { readFileSync } from 'node:fs';

/** A tick of /proc's clock, in ms: USER_HZ is 100 wherever Linux runs Node.js. */
const TICK_MS = 10;

/** CPU time that the process has used so far, in ms; undefined where there is no /proc. */
export function cpuOf(pid: number): number | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  // The command's name may hold blanks; behind its bracket the fields are numbers.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Memory that the process has in hand, in MiB; undefined where there is no /proc. */
export function rssOf(pid: number): number | undefined {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/status`) ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) / 1_024;
}

function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

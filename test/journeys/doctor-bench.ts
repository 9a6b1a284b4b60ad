import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/adapters/pino-log.ts';
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import type { Diagnosis } from '../../src/domain/diagnosis.ts';
import type { World } from './world.ts';

/** The sandbox keeps its newest whole backup for some hours: these are warnings, whatever is broken beside. */
export const LATE = ['sandbox: recovery of data-processing', 'sandbox: recovery of monitoring'];

/** What the doctor says: its lines by verdict, and the whole. */
export interface Told {
  ok: boolean;
  text: string;
  lines: Diagnosis[];
  /** The names of the lines of this verdict. */
  of(verdict: Diagnosis['verdict']): string[];
  /** `detail` and remedy of one line. */
  about(line: string): string;
}

/** Asks the doctor inside this process; `env` and `policy` are this one time's own. */
export async function askDoctor(
  { sandbox, inside: { clock } }: World,
  { env = {}, policy, words = [] }: { env?: Record<string, string>; policy?: string; words?: string[] } = {},
): Promise<Told> {
  const file = join(tmpdir(), `muster-doctor-${process.pid}-${Date.now()}.yaml`);
  if (policy !== undefined) writeFileSync(file, policy);
  const own = policy === undefined ? {} : { POLICY_FILE: file };
  const config = loadConfig({
    ALERT_WEBHOOK_TOKEN: 'of-the-alerts',
    ...sandbox.env,
    ...own,
    ...env,
    LOG_LEVEL: 'silent',
  });
  const muster = await compose(config, { clock, log: createLog({ level: 'silent', secrets: [] }) });
  const { username, uid } = userInfo();
  try {
    const actor = { kind: 'terminal', account: username, uid } as const;
    const reply = await muster.dispatch(['doctor', ...words], actor, AbortSignal.timeout(25_000));
    const { lines = [] } = reply.data as unknown as { lines?: Diagnosis[] };
    return {
      ok: reply.ok,
      text: reply.lines.join('\n'),
      lines,
      of: (verdict) => lines.filter((it) => it.verdict === verdict).map(({ line }) => line),
      about: (line) => {
        const found = lines.find((it) => it.line === line);
        return `${found?.detail} / ${found?.remedy}`;
      },
    };
  } finally {
    await muster.close();
    rmSync(file, { force: true });
  }
}

import { execFileSync } from 'node:child_process';

/** Prometheus' and Alertmanager's programs, as Debian names them. */
const PROGRAMS = ['prometheus', 'promtool', 'prometheus-alertmanager', 'amtool'] as const;

/** Why no real Prometheus and Alertmanager can be had here; undefined: they can. */
export function explainMissingPrograms(): string | undefined {
  const missing = PROGRAMS.filter((program) => !runs(program));
  return missing.length === 0 ? undefined : `no ${missing.join(', ')} on the PATH`;
}

function runs(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What `dr doctor` found out about one thing. */

/** `unused`: it is not set up, on purpose as far as can be told. `unchecked` is said, never passed. */
export type DiagnosisVerdict = 'ok' | 'warning' | 'red' | 'unchecked' | 'unused';

export interface Diagnosis {
  /** What was looked at: `redis eviction`, `prod: velero`. */
  line: string;
  verdict: DiagnosisVerdict;
  /** What was seen, as a clause. */
  detail: string;
  /** What the human does, as a sentence; every red line and every warning has one. */
  remedy?: string;
}

export function ok(line: string, detail: string): Diagnosis {
  return { line, verdict: 'ok', detail };
}

export function red(line: string, detail: string, remedy: string): Diagnosis {
  return { line, verdict: 'red', detail, remedy };
}

export function warning(line: string, detail: string, remedy: string): Diagnosis {
  return { line, verdict: 'warning', detail, remedy };
}

export function unchecked(line: string, detail: string, remedy?: string): Diagnosis {
  return { line, verdict: 'unchecked', detail, ...(remedy === undefined ? {} : { remedy }) };
}

export function unused(line: string, detail: string): Diagnosis {
  return { line, verdict: 'unused', detail };
}

/** Worst first; what is alike keeps its order. */
const SEVERITY: readonly DiagnosisVerdict[] = ['red', 'warning', 'unchecked', 'unused', 'ok'];

export function worstFirst(diagnoses: readonly Diagnosis[]): Diagnosis[] {
  return [...diagnoses].sort((a, b) => SEVERITY.indexOf(a.verdict) - SEVERITY.indexOf(b.verdict));
}

/** How many there are of each verdict, worst first: `1 red, 2 to read, 14 ok`. */
export function countVerdicts(diagnoses: readonly Diagnosis[]): string {
  const names: Record<DiagnosisVerdict, string> = {
    red: 'red',
    warning: 'to read',
    unchecked: 'unchecked',
    unused: 'not set up',
    ok: 'ok',
  };
  return SEVERITY.map((verdict) => [diagnoses.filter((it) => it.verdict === verdict).length, names[verdict]] as const)
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`)
    .join(', ');
}

export function isRed(diagnoses: readonly Diagnosis[]): boolean {
  return diagnoses.some(({ verdict }) => verdict === 'red');
}

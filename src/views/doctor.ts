import { countVerdicts, type Diagnosis, type DiagnosisVerdict, isRed, worstFirst } from '../domain/diagnosis.ts';

const WORDS: Record<DiagnosisVerdict, string> = {
  red: 'RED',
  warning: 'read',
  unchecked: '?',
  unused: '-',
  ok: 'ok',
};

/** What `dr doctor` answers: how it stands, then what is wrong, then the rest. */
export function renderDiagnoses(diagnoses: readonly Diagnosis[]): string[] {
  return [sumUp(diagnoses), ...worstFirst(diagnoses).flatMap(renderDiagnosis)];
}

/** Red lines only: what is posted without being asked for. */
export function renderRedLines(diagnoses: readonly Diagnosis[]): string[] {
  const shown = diagnoses.filter(({ verdict }) => verdict === 'red');
  return [`Daily check of Muster: ${sumUp(diagnoses)}`, ...shown.flatMap(renderDiagnosis), 'All lines: /dr doctor'];
}

function sumUp(diagnoses: readonly Diagnosis[]): string {
  return `${isRed(diagnoses) ? 'NOT in order' : 'In order'}: ${countVerdicts(diagnoses)}.`;
}

function renderDiagnosis({ line, verdict, detail, remedy }: Diagnosis): string[] {
  const sentence = `${WORDS[verdict].padEnd(4)} ${line}: ${detail.replace(/\.$/, '')}.`;
  return remedy === undefined ? [sentence] : [sentence, `     Next: ${remedy}`];
}

import type { z } from 'zod';
import { cleanText } from '../../domain/clean-alert.ts';
import { explainIssues, renderProblem } from '../../domain/problem.ts';
import type { WebhookRefusal } from '../../incident-contracts.ts';

/** So many problems are told at once. */
const TOLD = 5;

/** The body as its schema has it, or a refusal that names where each thing is wrong: `alerts[2].labels.severity: ...`. */
export function readJson<T>(schema: z.ZodType<T>, body: Buffer): { value: T } | WebhookRefusal {
  const read = parse(body);
  if ('why' in read) return { status: 400, why: read.why };
  const parsed = schema.safeParse(read.value);
  if (parsed.success) return { value: parsed.data };
  const { issues } = parsed.error;
  const told = explainIssues(schema, read.value, issues.slice(0, TOLD)).map(
    (problem) => `${showPath(problem.path)}: ${cleanText(renderProblem(problem), 300)}`,
  );
  const more = issues.length > TOLD ? [`and ${issues.length - TOLD} more`] : [];
  return { status: 400, why: [...told, ...more].join('\n') };
}

function parse(body: Buffer): { value: unknown } | { why: string } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return { why: 'The body is not UTF-8 text.' };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (cause) {
    const at = cause instanceof Error ? /at position (\d+)/.exec(cause.message)?.[1] : undefined;
    return { why: `The body is not JSON: it cannot be read from character ${Number(at ?? text.length) + 1} on.` };
  }
}

function showPath(path: readonly (string | number)[]): string {
  const shown = path.map((key, at) => {
    if (typeof key === 'number') return `[${key}]`;
    return `${at === 0 ? '' : '.'}${cleanText(key, 60)}`;
  });
  return shown.length === 0 ? 'the body' : shown.join('');
}

import { SEVERITIES, type Severity } from '../domain/incident-events.ts';
import { DrError } from '../errors.ts';

/** `sev1`, `SEV-1`, `1`. @throws DrError COMMAND_INVALID */
export function severityOf(text: string): Severity {
  const number = /^(?:sev-?)?([1-4])$/i.exec(text.trim())?.[1];
  const severity = SEVERITIES.find((it) => it === `sev${number}`);
  if (severity !== undefined) return severity;
  throw new DrError({
    code: 'COMMAND_INVALID',
    message: `There is no such severity; there is ${SEVERITIES.join(', ')}.`,
    action: 'Such as: sev1 where all is lost, sev4 where hardly anything is.',
  });
}

import { ok, warning } from '../../domain/diagnosis.ts';
import { defineExamination } from '../examination.ts';

/** Whether there is a way on the night on which nobody is in Slack. */
export const examination = defineExamination({
  name: 'break glass',
  about: 'installation',
  examine: async ({ policy }) => {
    if (policy === undefined) return [];
    const accounts = [...new Set(policy.breakGlass.flatMap((group) => policy.groups[group]?.terminal ?? []))];
    if (accounts.length > 0)
      return [ok('break glass', `${accounts.length} terminal accounts may: ${accounts.join(', ')}`)];
    const detail = 'nobody may approve in the terminal: with Slack down nothing can be restored';
    return [warning('break glass', detail, 'Name a group with terminal accounts under "breakGlass" in POLICY_FILE.')];
  },
});

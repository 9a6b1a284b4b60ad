import { defineCommand } from '../src/contracts.ts';
import { isRed } from '../src/domain/diagnosis.ts';
import type { Json } from '../src/domain/plan.ts';
import { renderDiagnoses } from '../src/views/doctor.ts';

export const command = defineCommand({
  name: 'doctor',
  group: 'muster',
  summary: 'Checks all that a recovery would need: Redis, Slack, PagerDuty, clusters, Velero, backups, policy, clock.',
  details: [
    'Changes nothing. A red line (RED) says what to do; "read" is a warning, "?" could not be checked, "-" is not set up.',
    'Exit code 1 when a line is red; 0 when there are only warnings and what could not be checked.',
    'The bot does the same once a day, and posts the red lines to the incidents channel.',
  ],
  arguments: [],
  options: {
    cluster: {
      type: 'text',
      help: 'Only this kubeconfig context; without it, the default one and those that the policy names.',
    },
  },
  unrecorded: true,
  examples: ['doctor', 'doctor --cluster prod'],

  async handle({ options }, { doctor, signal }) {
    const diagnoses = await doctor(options['cluster'], signal);
    const data: Json = { lines: diagnoses.map((diagnosis) => ({ ...diagnosis })) };
    return { ok: !isRed(diagnoses), lines: renderDiagnoses(diagnoses), data };
  },
});

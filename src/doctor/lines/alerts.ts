import { ok, warning } from '../../domain/diagnosis.ts';
import { defineExamination } from '../examination.ts';

/** Whether whoever sends alerts can prove who it is: without a token none is taken. */
export const examination = defineExamination({
  name: 'alerts',
  about: 'installation',
  examine: async ({ inbound }) => [
    inbound.alerts
      ? ok('alerts', 'those that bear ALERT_WEBHOOK_TOKEN are taken')
      : warning(
          'alerts',
          'none can come in, so none declares an incident: ALERT_WEBHOOK_TOKEN is empty',
          'Set it here and in whatever sends alerts: docs/connect-alertmanager.md',
        ),
  ],
});

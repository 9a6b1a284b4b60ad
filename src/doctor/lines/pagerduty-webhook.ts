import { ok, warning } from '../../domain/diagnosis.ts';
import { defineExamination } from '../examination.ts';

const LINE = 'pagerduty webhook';

/** Whether PagerDuty can tell us at once what people do there. */
export const examination = defineExamination({
  name: LINE,
  about: 'installation',
  examine: async ({ inbound, pager }) => {
    if (pager === undefined) return [];
    if (inbound.pagerDuty) return [ok(LINE, 'what PAGERDUTY_WEBHOOK_SECRET has signed is taken')];
    const detail = 'what is acknowledged in PagerDuty is seen only by asking, once a minute';
    const remedy = 'Add a webhook in PagerDuty, and put its secret into PAGERDUTY_WEBHOOK_SECRET: docs/send-alerts.md';
    return [warning(LINE, `${detail}: PAGERDUTY_WEBHOOK_SECRET is empty`, remedy)];
  },
});

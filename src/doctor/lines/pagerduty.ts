import { ok, red, unused, warning } from '../../domain/diagnosis.ts';
import { defineExamination } from '../examination.ts';

/** Whether PagerDuty knows our token and the service that incidents are made on. */
export const examination = defineExamination({
  name: 'pagerduty',
  about: 'installation',
  vital: true,
  examine: async ({ pager, signal }) => {
    if (pager === undefined)
      return [unused('pagerduty', 'not configured (PAGERDUTY_API_TOKEN and PAGERDUTY_SERVICE_ID)')];
    const { name, status } = await pager.service(signal);
    if (status === 'disabled')
      return [
        red(
          'pagerduty',
          `service ${name} is disabled: nobody is paged`,
          'Enable it in PagerDuty, or name another in PAGERDUTY_SERVICE_ID.',
        ),
      ];
    if (status === 'maintenance')
      return [
        warning(
          'pagerduty',
          `service ${name} is in maintenance: nobody is paged`,
          'End its maintenance window in PagerDuty.',
        ),
      ];
    return [ok('pagerduty', `service ${name} answers, ${status}`)];
  },
});

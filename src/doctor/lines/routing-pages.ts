import { ok, red } from '../../domain/diagnosis.ts';
import { defineExamination } from '../examination.ts';

const LINE = 'routing pages';

/** Whether the escalation policies that routes page can be paged. */
export const examination = defineExamination({
  name: LINE,
  about: 'installation',
  examine: async ({ checkRouting, pager, signal }) => {
    const routes = (await checkRouting())?.routing?.routes ?? [];
    const policies = [...new Set(routes.map(({ page }) => page).filter((page) => typeof page === 'string'))];
    if (policies.length === 0) return [];
    if (pager === undefined) {
      const detail = `${policies.join(', ')} cannot be paged without the REST API of PagerDuty`;
      return [red(LINE, detail, 'Set PAGERDUTY_API_TOKEN, PAGERDUTY_FROM_EMAIL and PAGERDUTY_SERVICE_ID.')];
    }
    const known = await Promise.all(policies.map((policy) => pager.hasPolicy(policy, signal)));
    const lost = policies.filter((_, at) => known[at] === false);
    if (lost.length === 0)
      return [ok(LINE, `PagerDuty has the escalation policies that the routes page: ${policies.join(', ')}`)];
    const detail = `PagerDuty has no escalation policy ${lost.join(', ')}: nobody is paged by those routes`;
    return [red(LINE, detail, 'Correct "page" in ROUTING_FILE; an id is in the address of the policy in PagerDuty.')];
  },
});

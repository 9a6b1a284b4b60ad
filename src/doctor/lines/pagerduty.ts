import { type Diagnosis, ok, red, unused, warning } from '../../domain/diagnosis.ts';
import { type DoctorContext, defineExamination } from '../examination.ts';

const LINE = 'pagerduty';

/** Whether PagerDuty knows our token, the service and the user that incidents are made by, and somebody would be paged. */
export const examination = defineExamination({
  name: LINE,
  about: 'installation',
  vital: true,
  examine: async ({ pager, paging, signal }) => {
    if (pager === undefined) return [explainAbsence(paging)];
    const { from, byEvents } = paging;
    // First: without its answer the others would only fail in the same way.
    const service = await pager.service(signal);
    const [onCall, isKnown] = await Promise.all([
      pager.onCall(signal),
      from === undefined ? false : pager.knows(from, signal),
    ]);
    const trouble = explainService(service) ?? (isKnown ? undefined : explainUser(from));
    if (trouble !== undefined) return [trouble];
    if (onCall.length === 0)
      return [
        red(
          LINE,
          `nobody is on call for service ${service.name}: nobody is paged`,
          'Put somebody on its escalation policy in PagerDuty.',
        ),
      ];
    const people = new Set(onCall.map(({ id }) => id)).size;
    const said = `service ${service.name} answers, ${service.status}; ${people} on call`;
    if (byEvents) return [ok(LINE, `${said}; the second way to page is configured`)];
    return [
      warning(
        LINE,
        `${said}; there is no second way to page`,
        'Add an Events API v2 integration to the service, and put its key into PAGERDUTY_ROUTING_KEY.',
      ),
    ];
  },
});

function explainAbsence({ byEvents }: DoctorContext['paging']): Diagnosis {
  const variables = 'PAGERDUTY_API_TOKEN, PAGERDUTY_FROM_EMAIL and PAGERDUTY_SERVICE_ID';
  if (!byEvents) return unused(LINE, `not configured (${variables})`);
  return warning(
    LINE,
    'pages go out as events only: who is on call cannot be told, and nobody can be paged by name',
    `Set ${variables}.`,
  );
}

function explainService({ name, status }: { name: string; status: string }): Diagnosis | undefined {
  if (status === 'disabled')
    return red(
      LINE,
      `service ${name} is disabled: nobody is paged`,
      'Enable it in PagerDuty, or name another in PAGERDUTY_SERVICE_ID.',
    );
  if (status === 'maintenance')
    return warning(
      LINE,
      `service ${name} is in maintenance: nobody is paged`,
      'End its maintenance window in PagerDuty.',
    );
  return undefined;
}

function explainUser(from: string | undefined): Diagnosis {
  return red(
    LINE,
    `no user has the address ${from ?? ''}: PagerDuty takes no incident in that name`,
    'Put the address of a PagerDuty user into PAGERDUTY_FROM_EMAIL.',
  );
}

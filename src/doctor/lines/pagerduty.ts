import { type Diagnosis, ok, red, warning } from '../../domain/diagnosis.ts';
import { type DoctorContext, defineExamination } from '../examination.ts';

const LINE = 'pagerduty';

/** Whether PagerDuty knows our token, the service and the user that incidents are made by, and somebody would be paged. */
export const examination = defineExamination({
  name: LINE,
  about: 'installation',
  vital: true,
  examine: async ({ pager, paging, signal }) => {
    if (pager === undefined) return [explainAbsence(paging)];
    const { from, routingKey } = paging;
    // First: without its answer the others would only fail in the same way.
    const service = await pager.service(signal);
    const [onCall, isKnown, takesEvents] = await Promise.all([
      pager.onCall(signal),
      from === undefined ? false : pager.knows(from, signal),
      routingKey === undefined ? undefined : pager.takesEvents(routingKey, signal),
    ]);
    const trouble =
      explainService(service) ??
      (isKnown ? undefined : explainUser(from)) ??
      (onCall.length === 0 ? explainNobody(service) : undefined);
    if (trouble !== undefined) return [trouble];
    const people = new Set(onCall.map(({ id }) => id)).size;
    const said = `service ${service.name} answers, ${service.status}; ${people} on call`;
    return [explainSecondWay(said, routingKey !== undefined, takesEvents)];
  },
});

/** Only on one service are a page by REST and one by an event the same incident. */
function explainSecondWay(said: string, isConfigured: boolean, takesEvents: boolean | undefined): Diagnosis {
  const remedy = 'Add an Events API v2 integration to the service, and put its key into PAGERDUTY_ROUTING_KEY.';
  if (!isConfigured) return warning(LINE, `${said}; there is no second way to page`, remedy);
  if (takesEvents === false)
    return warning(
      LINE,
      `${said}; PAGERDUTY_ROUTING_KEY is the key of none of its integrations: what goes both ways may page twice`,
      remedy,
    );
  return ok(LINE, `${said}; the second way to page is configured`);
}

function explainNobody({ name }: { name: string }): Diagnosis {
  return red(
    LINE,
    `nobody is on call for service ${name}: nobody is paged`,
    'Put somebody on its escalation policy in PagerDuty.',
  );
}

function explainAbsence({ routingKey }: DoctorContext['paging']): Diagnosis {
  const variables = 'PAGERDUTY_API_TOKEN, PAGERDUTY_FROM_EMAIL and PAGERDUTY_SERVICE_ID';
  if (routingKey === undefined)
    return warning(
      LINE,
      'not configured: NOBODY is paged',
      `Set ${variables}, and for the second way PAGERDUTY_ROUTING_KEY; until then people must be called by phone.`,
    );
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

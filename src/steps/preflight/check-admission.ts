import {
  type Backing,
  judgeWebhook,
  type NamespaceLabels,
  type Refused,
  refusedBy,
} from '../../domain/judge-webhook.ts';
import { EndpointSlice, Namespace } from '../../domain/kinds.ts';
import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
  type Webhook,
} from '../../domain/kinds-admission.ts';
import type { Check } from '../../domain/plan.ts';
import { type Finding, finding, type PreflightContext } from './finding.ts';
import { lookAt, lookFor, uncheckedOf } from './look-for.ts';

/** Whether an admission webhook that nobody answers would keep objects from being created (velero issues 2443, 4847). */
export async function checkAdmission(context: PreflightContext): Promise<Finding> {
  const [validating, mutating, namespace] = await Promise.all([
    lookFor(context, ValidatingWebhookConfiguration, {}),
    lookFor(context, MutatingWebhookConfiguration, {}),
    readLabels(context),
  ]);
  const webhooks = [...mutating.items, ...validating.items].flatMap((it) => it.webhooks ?? []);
  const matching = webhooks.flatMap((webhook) => {
    const refused = refusedBy(webhook, namespace);
    return refused === undefined ? [] : [{ webhook, refused }];
  });
  const judged = await judgeAll(context, matching);
  const checks = [...judged, ...uncheckedOf('admission', validating, mutating)];
  if (checks.length > 0) return finding(checks);
  const detail =
    matching.length === 0
      ? 'no webhook can refuse what is restored'
      : `the service of each of ${matching.length} matching webhooks has a ready endpoint`;
  return finding([{ name: 'admission', verdict: 'pass', detail }]);
}

/** A namespace that cannot be read has labels that we do not know: then every webhook may match. */
async function readLabels(context: PreflightContext): Promise<NamespaceLabels> {
  const { namespace: name } = context.params;
  const { items } = await lookAt(context, Namespace, { name });
  const [found] = items;
  return { name, labels: found === undefined ? undefined : (found.metadata.labels ?? {}) };
}

async function judgeAll(
  context: PreflightContext,
  matching: readonly { webhook: Webhook; refused: Refused }[],
): Promise<Check[]> {
  const backings = new Map<string, Promise<Backing>>();
  const judged = matching.map(async ({ webhook, refused }) => {
    const { service } = webhook.clientConfig;
    if (!service) return judgeWebhook(webhook, refused, false);
    const key = `${service.namespace}/${service.name}`;
    const backing = backings.get(key) ?? readBacking(context, service);
    backings.set(key, backing);
    return judgeWebhook(webhook, refused, await backing);
  });
  return (await Promise.all(judged)).filter((check) => check !== undefined);
}

async function readBacking(
  context: PreflightContext,
  { namespace, name }: { namespace: string; name: string },
): Promise<Backing> {
  const scope = { namespace, labelSelector: `kubernetes.io/service-name=${name}` };
  const { items, unseen } = await lookFor(context, EndpointSlice, scope);
  const [problem] = unseen;
  if (problem !== undefined) return problem;
  // An endpoint that does not say is ready (Kubernetes `discovery/v1/types.go` EndpointConditions).
  return items.some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false));
}

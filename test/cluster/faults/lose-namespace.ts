import { eventually, NAMESPACE } from '../../journeys/world.ts';
import type { Admin } from '../access.ts';
import type { Translation } from './older-versions.ts';

const PATH = `/api/v1/namespaces/${NAMESPACE}`;
const of = (apiVersion: string, plural: string) => `/apis/${apiVersion}/namespaces/${NAMESPACE}/${plural}`;

/** What makes pods goes first. */
const CONTENT = [
  ...['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'controllerrevisions'].map((it) => of('apps/v1', it)),
  of('autoscaling/v2', 'horizontalpodautoscalers'),
  ...['pods', 'persistentvolumeclaims', 'configmaps', 'secrets', 'serviceaccounts', 'resourcequotas', 'endpoints'].map(
    (plural) => `${PATH}/${plural}`,
  ),
  of('discovery.k8s.io/v1', 'endpointslices'),
  `${PATH}/events`,
];

/** Deletes the namespace as its controller does, which would take five seconds and more to begin with it. */
export async function loseNamespace(admin: Admin, { toServer }: Translation): Promise<void> {
  if ((await admin.send('DELETE', PATH)).status === 404) return;
  await eventually('its content is gone', async () => {
    for (const path of CONTENT) await admin.send('DELETE', `${toServer(path)}?gracePeriodSeconds=0`);
    // Services cannot be deleted all at once before 1.23.
    for (const name of await listNames(admin, 'services')) await admin.send('DELETE', `${PATH}/services/${name}`);
    const left = await Promise.all(['pods', 'services', 'configmaps'].map((plural) => listNames(admin, plural)));
    return left.flat().length === 0 || undefined;
  });
  const { status, json } = await admin.send('GET', PATH);
  if (status !== 404) await admin.send('PUT', `${PATH}/finalize`, { ...(json as object), spec: { finalizers: [] } });
  await eventually('the namespace is gone', async () => (await admin.send('GET', PATH)).status === 404 || undefined);
}

async function listNames(admin: Admin, plural: string): Promise<string[]> {
  const { items } = (await admin.must('GET', `${PATH}/${plural}`)) as { items: { metadata: { name: string } }[] };
  return items.map(({ metadata }) => metadata.name);
}

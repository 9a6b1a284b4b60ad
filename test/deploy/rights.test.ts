import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.ts';
import * as kinds from '../../src/domain/kinds.ts';
import * as admission from '../../src/domain/kinds-admission.ts';
import * as events from '../../src/domain/kinds-events.ts';
import * as owners from '../../src/domain/kinds-owners.ts';
import { RIGHTS } from '../../src/domain/rights.ts';
import * as velero from '../../src/domain/velero.ts';
import { readSources } from '../architecture/source.ts';
import { type StepWorld, startStepWorld } from '../steps/world.ts';
import { readManifests } from './manifests.ts';
import { askOf, findGrant, type Grant, listGrants } from './rules.ts';

/** What a restore really asks of the API, request by request, against what deploy/rights and the example give. */

const NAMESPACE = 'data-processing';
const manifests = [...readManifests('rights'), ...readManifests('overlays/example')];
const grants = listGrants(manifests, 'muster', 'muster');
const nameOf = ({ verb, group, resource, from }: Grant) => `${from}: ${verb} ${resource}.${group}`;

let world: StepWorld;
let asked: NonNullable<ReturnType<typeof askOf>>[];
beforeAll(async () => {
  world = await startStepWorld();
  await planOnSilentVelero();
  // Once with most of it there, so that kinds are listed; once with nothing, as in a disaster.
  await restore();
  world.cluster.store.remove('namespaces', undefined, NAMESPACE);
  await vi.waitFor(() => expect(world.cluster.store.get('namespaces', undefined, NAMESPACE)).toBeUndefined(), 5_000);
  await restore();
  asked = world.cluster.api.requests().flatMap((record) => askOf(record) ?? []);
}, 120_000);
afterAll(() => world.close());

/** Looks at why Velero does not answer, with a clock on which its silence is short. */
async function planOnSilentVelero(): Promise<void> {
  world.cluster.velero.faults.down = true;
  let skipped = 0;
  const sleep = (ms: number, signal: AbortSignal) => {
    skipped += ms * 0.9;
    return systemClock.sleep(ms / 10, signal);
  };
  Object.assign(world.deps, { clock: { now: () => systemClock.now() + skipped, sleep } });
  await world.plan(NAMESPACE).catch(() => undefined);
  Object.assign(world.deps, { clock: systemClock });
  world.cluster.velero.faults.down = undefined;
}

/** Every step from its plan to its verification. */
async function restore(): Promise<void> {
  const { store } = world.cluster;
  for (const { metadata } of store.list('deployments.apps', NAMESPACE))
    store.remove('deployments.apps', NAMESPACE, metadata.name);
  const { request, contextOf } = await world.plan(NAMESPACE);
  for (const { id, uses } of request.steps) {
    const type = world.types.get(uses);
    if (type === undefined) throw new Error(`no step type ${uses}`);
    const context = await contextOf(id);
    await type.apply(context);
    const first = await type.observe(context);
    if (first.state === 'running') await first.changed?.(AbortSignal.timeout(1_000));
    await vi.waitFor(async () => expect(await type.observe(context)).toMatchObject({ state: 'done' }), 30_000);
    await type.verify(context);
  }
}

test('whatever a restore asks is allowed: add to deploy/rights what a new step needs', () => {
  expect(asked.length).toBeGreaterThan(100);
  const refused = asked.filter((ask) => findGrant(grants, ask) === undefined);
  expect([...new Set(refused.map((ask) => JSON.stringify(ask)))]).toEqual([]);
});

/** The verb of each call of the Cluster port, and of what wraps it, by the name it has in the sources. */
const VERBS: Record<string, string> = {
  read: 'get',
  list: 'list',
  create: 'create',
  remove: 'delete',
  awaitChange: 'watch',
  lookFor: 'list',
  lookAt: 'get',
};

/** The calls that the sources make with a kind by its name, also where this restore does not come by. */
function listWritten(): { verb: string; group: string; resource: string }[] {
  const named: Record<string, unknown> = { ...kinds, ...admission, ...events, ...owners, ...velero };
  const calls =
    /\b(?:cluster\.(read|list|create|remove|awaitChange)|(lookFor|lookAt))(?:<\w+>)?\(\s*(?:context,\s*)?([A-Z]\w+)/g;
  const sources = readSources('src', 'commands');
  // The one call of the port that takes no kind.
  const logs = sources.filter(({ text }) => text.includes('cluster.logs('));
  const written = sources.flatMap(({ text }) =>
    [...text.matchAll(calls)].map(([, port = '', wrapped = port, kind = '']) => {
      const { apiVersion, plural } = named[kind] as { apiVersion: string; plural: string };
      const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [];
      return { verb: VERBS[wrapped || port] ?? '', group, resource: plural };
    }),
  );
  return [...written, ...logs.map(() => ({ verb: 'get', group: '', resource: 'pods/log' }))];
}

const fits = (grant: Grant, call: { verb: string; group: string; resource: string }) =>
  grant.verb === call.verb && grant.group === call.group && grant.resource === call.resource;

test('whatever the sources ask for by name is allowed, also where this restore did not come by', () => {
  const written = listWritten();
  expect(written.length).toBeGreaterThan(25);
  const missing = written.filter((call) => !grants.some((grant) => fits(grant, call)));
  expect(missing.map(({ verb, group, resource }) => `${verb} ${resource}.${group}`)).toEqual([]);
});

test('whatever is allowed is asked: take out of deploy/rights what nobody uses any more', () => {
  const written = listWritten();
  const used = new Set([
    ...asked.flatMap((ask) => findGrant(grants, ask) ?? []),
    ...grants.filter((grant) => written.some((call) => fits(grant, call))),
  ]);
  expect(grants.filter((grant) => !used.has(grant)).map(nameOf)).toEqual([]);
});

test('no right is a wish: no "*" but for listing in the namespaces named one by one, and never update, patch or deletecollection', () => {
  const wide = grants.filter(({ verb, group, resource }) => [verb, group, resource].includes('*'));
  expect(wide.map((grant) => [grant.verb, grant.namespace])).toEqual([['list', NAMESPACE]]);
  const verbs = new Set(grants.map(({ verb }) => verb));
  expect([...verbs].sort()).toEqual(['create', 'delete', 'get', 'list', 'watch']);
  const writing = grants.filter(({ verb }) => ['create', 'delete'].includes(verb)).map(nameOf);
  expect(writing.sort()).toEqual([
    'muster: create backups.velero.io',
    'muster: create downloadrequests.velero.io',
    'muster: create restores.velero.io',
    'muster: create serverstatusrequests.velero.io',
    'muster: delete downloadrequests.velero.io',
    'muster: delete serverstatusrequests.velero.io',
  ]);
});

test('what doctor asks about is what deploy/rights gives, right by right', () => {
  const base = listGrants(readManifests('rights'), 'muster', 'muster');
  const given = base.flatMap(({ verb, group, resource, names = [''], namespace }) =>
    names.map((name) => [verb, group, resource, name, namespace === undefined ? 'cluster' : 'velero'].join(' ')),
  );
  const asked = RIGHTS.map(({ verb, group, resource, name = '', where }) =>
    [verb, group, resource, name, where].join(' '),
  );
  expect(asked.sort()).toEqual(given.sort());
});

test('without the bindings of the example nothing shows a Secret or a ConfigMap', () => {
  const base = listGrants(readManifests('rights'), 'muster', 'muster');
  const shown = base.filter(({ resource }) => ['secrets', 'configmaps', '*'].includes(resource));
  expect(shown).toEqual([]);
});

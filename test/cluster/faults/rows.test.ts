import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceSkip } from '../../announce-skip.ts';
import { hasRedisServer } from '../../redis.ts';
import { type Crd, loadCrds } from '../crds.ts';
import { findAddress } from './kubelet-stand-in.ts';
import { LEFT_OUT } from './left-out.ts';
import { playRow } from './play-row.ts';
import { openRealWorld, type RealWorld } from './real-world.ts';
import { findMisplaced, listPlayed, loadTable } from './rows.ts';

const NO_WORKLOADS = 'they need kube-controller-manager in KUBEBUILDER_ASSETS, and an address beside loopback';
const TITLE = 'the fault table on a real kube-apiserver';
const assets = process.env['KUBEBUILDER_ASSETS'];
const crds = loadCrds();
const workloads = assets !== undefined && existsSync(join(assets, 'kube-controller-manager')) && !!findAddress();
const missing = [
  ...(assets ? [] : ['KUBEBUILDER_ASSETS (etcd, kube-apiserver) is unset']),
  ...(crds ? [] : ['VELERO_CRDS_DATA (a folder of CRDs as JSON) is unset']),
  ...(hasRedisServer() ? [] : ['no redis-server on the PATH']),
];
if (missing.length > 0) announceSkip(TITLE, missing.join('; '));

const table = await loadTable();
const played = listPlayed(table, workloads);
/** By the reason. */
const leftOut = Map.groupBy(
  table.filter(({ fault }) => !played.some(({ row }) => row.fault === fault)),
  ({ fault }) => LEFT_OUT[fault] ?? NO_WORKLOADS,
);
const homeless = leftOut.get(NO_WORKLOADS) ?? [];
if (missing.length === 0 && homeless.length > 0) announceSkip(`${homeless.length} rows of ${TITLE}`, NO_WORKLOADS);

test('every row of the fault table is placed: played here, or left out with a reason', () => {
  expect(table.length).toBeGreaterThan(30);
  expect(findMisplaced(table)).toEqual([]);
  expect(findMisplaced([{ fault: 'A new row' }])[0]).toMatch(
    /^The row "A new row" is in neither of ARRANGEMENTS .* LEFT_OUT /,
  );
});

describe.skipIf(missing.length > 0)(TITLE, () => {
  let world: RealWorld;
  beforeAll(async () => {
    world = await openRealWorld(assets ?? '', crds as Crd[]);
    await world.inside.startBot();
    console.log(describePlay(world));
  });
  afterAll(() => world.close());

  test.each(played.map((it) => [it.row.fault, it] as const))('%s', (_fault, it) => playRow(world, it));
});

function describePlay({ plane, translation }: RealWorld): string {
  const answered = translation.described.length === 0 ? '' : ` (${translation.described.join(', ')})`;
  const left = [...leftOut].map(([why, rows]) => `${rows.map(({ fault }) => `"${fault}"`).join(', ')}: ${why}`);
  return `rows on a real kube-apiserver ${plane.gitVersion}${answered}: ${played.length}, left out: ${left.join('; ') || 'none'}`;
}
